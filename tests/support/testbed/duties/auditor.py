"""Addresses of the auditor."""

from testbed.duties.row import Routes, Row

_READ = "l" + "f" * 11 + "y" + "fff"
ROUTES: Routes = {
    "auditor:journal": (Row(_READ),),
    # Without a reason nothing goes out.
    "auditor:export": (Row(_READ.replace("y", "r"), method="post"),),
    "auditor:packages": (Row(_READ),),
    "auditor:package": (Row(_READ.replace("y", "n"), arguments={"pk": "nobody", "kind": "nothing"}),),
    "auditor:verify": (Row(_READ), Row(_READ, fragment=True)),
    "auditor:begin": (Row(_READ.replace("y", "r"), method="post"),),
}
