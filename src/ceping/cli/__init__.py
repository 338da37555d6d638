"""The `ceping` command, one module a group; what needs the platform lives in `platform`."""
