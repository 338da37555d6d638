"""Addresses of the office: organiser, lead, operator, system and security officer."""

from testbed.duties.row import Routes, Row

# The organiser and the evaluator's lead look; what is decided is the organiser's alone.
_LOOK, _DECIDE = "l" + "f" * 4 + "{0}{0}" + "f" * 9, "l" + "f" * 4 + "{0}" + "f" * 10


def _look(letter: str = "y") -> str:
    return _LOOK.format(letter)


def _decide(letter: str) -> str:
    return _DECIDE.format(letter)


def _lead(letter: str = "y") -> str:
    """The evaluator's lead alone."""
    return "l" + "f" * 5 + letter + "f" * 9


def _officer(letter: str = "y") -> str:
    """The security officer alone."""
    return "l" + "f" * 10 + letter + "f" * 4


# The operator too: shops and their events come from there.
_TABLES = "l" + "f" * 4 + "{0}{0}ff{0}" + "f" * 6
_SEASON = {"pk": "season"}
_NOTHING = {"token": "nothing"}
_NOBODY = {"pk": "nobody"}
_WORDS = {"event": "nothing", "role": "nothing"}
_VERSION = {"pk": "version"}
_LIST = {"pk": "season", "token": "nothing"}

ROUTES: Routes = {
    "office:progress": (Row(_look()),),
    "office:screen": (Row(_look()),),
    "office:entries": (Row(_look()),),
    # A draft is nobody's but the institution's own; the page tells where it stands.
    "office:report": (Row(_look(), arguments={"pk": "entry"}),),
    "office:export": (Row(_look("r"), method="post"),),
    # Nothing is ticked: they are told so.
    "office:remind": (Row(_decide("u"), method="post"),),
    # Without a word that one is sure it is the form.
    "office:extend": (Row(_decide("y"), method="post"),),
    "office:exports": (Row(_look()),),
    # No column and no reason.
    "office:export_new": (Row(_look()), Row(_look("u"), method="post")),
    # Before anything is looked up it is confirmed who asks.
    "office:export_decide": (Row(_look("r"), method="post", arguments=_NOTHING),),
    "office:export_withdraw": (Row(_look("n"), method="post", arguments=_NOTHING),),
    "office:export_take": (Row(_look("r"), method="post", arguments=_NOTHING),),
    "office:quotas": (Row(_decide("y")), Row(_decide("n"), method="post")),
    "office:schemes": (Row(_look()),),
    "office:scheme_upload": (Row(_decide("u"), method="post"),),
    "office:scheme": (Row(_look(), arguments=_VERSION),),
    # It is published already.
    "office:scheme_propose": (Row(_decide("r"), method="post", arguments=_VERSION),),
    "office:scheme_publish": (Row(_decide("r"), method="post", arguments=_VERSION),),
    "office:scheme_difference": (Row(_look(), arguments={"pk": "version", "other": "version"}),),
    # A copy is made of it each time.
    "office:scheme_copying": (Row(_decide("r"), method="post", arguments=_VERSION),),
    # Nobody is writing one.
    "office:scheme_copy": (
        Row(_decide("n"), arguments={"pk": "nobody"}),
        Row(_decide("n"), method="post", arguments={"pk": "nobody"}),
    ),
    # The season is filed in: computing it is told why not.
    "office:results": (Row(_look()),),
    "office:results_work": (Row(_look("u"), method="post"),),
    # Before anything is looked up it is confirmed who asks.
    "office:results_sign": (Row(_look("r"), method="post", arguments={"pk": "nobody"}),),
    "office:results_file": (Row(_look("n"), arguments={"pk": "nobody", "name": "nothing"}),),
    "office:result": (Row(_look("n"), arguments={"pk": "nobody", "uscc": "nothing"}),),
    # Nothing was computed in the scene.
    "office:results_charts": (Row(_look("n")),),
    "office:results_years": (Row(_look("n")),),
    "office:results_whatif": (Row(_look()),),
    "office:results_whatif_work": (Row(_look("u"), method="post"),),
    "office:results_papers": (Row(_look()),),
    "office:results_papers_make": (Row(_look("n"), method="post"),),
    "office:results_paper": (Row(_look("n"), arguments={"token": "nothing", "number": "one"}),),
    "office:results_correction": (Row(_look()), Row(_look("r"), method="post")),
    "office:results_tables": (Row(_TABLES.format("y")), Row(_TABLES.format("n"), method="post")),
    "office:results_rulings": (Row(_look()), Row(_look("r"), method="post")),
    "office:publication": (Row(_look()),),
    # Before anything is looked up it is confirmed who asks.
    "office:notice_propose": (Row(_decide("r"), method="post"),),
    "office:notice_act": (Row(_decide("r"), method="post", arguments=_NOBODY),),
    "office:notice_file": (Row(_look("n"), arguments=_NOBODY | {"name": "nothing"}),),
    "office:release_propose": (Row(_decide("r"), method="post"),),
    "office:release_act": (Row(_decide("r"), method="post", arguments=_NOBODY),),
    "office:package": (Row(_look("n"), arguments=_NOBODY | {"kind": "nothing"}),),
    "office:certificates": (Row(_look()),),
    "office:certificate_revoke": (Row(_decide("r"), method="post", arguments=_NOBODY),),
    "office:objections": (Row(_look()),),
    "office:objection": (Row(_look("n"), arguments=_NOBODY),),
    "office:objection_act": (Row(_look("r"), method="post", arguments=_NOBODY),),
    "office:objection_reveal": (Row(_decide("r"), method="post", arguments=_NOBODY),),
    "office:objection_file": (Row(_look("n"), arguments=_NOBODY | _NOTHING),),
    "office:objection_download": (Row(_look("n"), arguments=_NOBODY | _NOTHING),),
    "office:objection_picture": (Row(_look("n"), arguments=_NOBODY | _NOTHING | {"number": "one", "size": "nothing"}),),
    "office:letters": (Row(_decide("y")),),
    # Nothing is ticked.
    "office:letters_settle": (Row(_decide("r"), method="post"),),
    "office:templates": (Row(_decide("y")),),
    # No event has that name.
    "office:template": (Row(_decide("n"), arguments=_WORDS), Row(_decide("n"), method="post", arguments=_WORDS)),
    "office:seasons": (Row(_decide("y")),),
    "office:season_new": (Row(_decide("y")), Row(_decide("u"), method="post")),
    "office:season": (Row(_decide("y"), arguments=_SEASON),),
    "office:season_advance": (Row(_decide("r"), method="post", arguments=_SEASON),),
    "office:season_phase": (Row(_decide("r"), method="post", arguments=_SEASON),),
    "office:season_parameters": (Row(_decide("r"), method="post", arguments=_SEASON),),
    "office:assessment": (Row(_lead("y")),),
    # Nothing of the kind is asked for; before that it is confirmed who asks.
    "office:assessment_act": (Row(_lead("r"), method="post"),),
    # Nobody was drawn in the scene.
    "office:assessment_record": (Row(_lead("n"), arguments={"pk": "season", "number": "one", "kind": "nothing"}),),
    "office:assessors": (Row(_lead("y")),),
    "office:assessors_act": (Row(_lead("r"), method="post"),),
    "office:assessment_settling": (Row(_lead("y")),),
    "office:assessment_entry": (
        Row(_lead("n"), arguments=_NOBODY),
        Row(_lead("n"), method="post", arguments=_NOBODY),
    ),
    "office:site_photo": (Row(_lead("n"), arguments=_NOBODY | {"size": "nothing"}),),
    "office:assessment_settle": (Row(_lead("r"), method="post"),),
    "office:assessment_advice": (Row(_lead("y")),),
    "office:calls": (Row(_look()),),
    # Nothing of the kind is asked for; before that it is confirmed who asks.
    "office:calls_act": (Row(_lead("r"), method="post"),),
    # No list was frozen and no draw made in the scene.
    "office:calls_record": (Row(_look("n"), arguments={"pk": "season", "number": "one", "kind": "nothing"}),),
    "office:calls_signals": (Row(_look("n")),),
    "office:calls_switch": (Row(_decide("r"), method="post"),),
    "office:calls_frame": (Row(_look("n"), arguments={"pk": "nobody"}),),
    "office:calls_frame_act": (Row(_lead("n"), method="post", arguments={"pk": "nobody"}),),
    "office:accounts": (Row(_officer()),),
    # Nobody has the number one: it stands for none of the scene's people.
    "office:account": (Row(_officer("n"), arguments={"pk": "nobody"}),),
    # Before anything is looked up it is confirmed who asks.
    "office:account_act": (Row(_officer("r"), method="post", arguments={"pk": "nobody"}),),
    "office:invitations": (Row(_officer()), Row(_officer("r"), method="post")),
    # Before anything is read it is confirmed who asks.
    "office:invite": (Row(_officer("r"), method="post"),),
    "office:start": (Row(_officer()), Row(_officer("n"), method="post")),
    # No file of that name was given.
    "office:start_list": (Row(_officer("n"), arguments=_LIST),),
    "office:start_take": (Row(_officer("r"), method="post", arguments=_LIST),),
    "office:start_marked": (Row(_officer("n"), arguments=_LIST),),
    # The system administrator alone.
    "office:machine": (Row("l" + "f" * 9 + "y" + "f" * 5),),
    "office:areas": (Row(_officer()), Row(_officer("r"), method="post")),
    "office:claims": (Row(_officer()), Row(_officer("r"), method="post")),
}
