"""Words of the templates that every reader's pages share."""
