"""The verifier's pages: the call desk, appointments, own records, practice on made-up clients."""
