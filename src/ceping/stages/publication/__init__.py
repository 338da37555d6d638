"""Publication (公示发布): the notice, objections and their re-check, the published result, certificates, packages."""
