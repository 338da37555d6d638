"""Starts the server of `testbed.faulty` again and again, each life a fork of one process that has everything loaded.

python -m testbed.faulty_server PORT | furnish, with CEPING_HOME and DJANGO_SETTINGS_MODULE=testbed.faulty_settings.
"""

import os
import signal
import socket
import sys
from functools import partial
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import django


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


def serve(port: int) -> None:
    """One process after the other answers on the port; a killed one is followed by the next."""
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 -- settings stand by now

    from testbed.faulty import watch  # noqa: PLC0415

    application = get_wsgi_application()
    watch()
    server = WSGIServer(("127.0.0.1", port), _Quiet)
    server.set_app(application)
    server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    print("ready", flush=True)
    parent = os.getpid()
    while True:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            while os.getppid() == parent:
                server.timeout = 1.0
                server.handle_request()
            os._exit(0)
        signal.signal(signal.SIGTERM, partial(_end, child))
        os.waitpid(child, 0)


def _end(child: int, *_: object) -> None:
    os.kill(child, signal.SIGKILL)
    os._exit(0)


def furnish() -> None:
    """An installation with one whole draft in it."""
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", database="default", verbosity=0)
    from ceping.ground.people.models import Grant  # noqa: PLC0415
    from testbed.scene import fill, scene  # noqa: PLC0415
    from tests.factories.report import complete_report  # noqa: PLC0415

    made = scene()
    Grant.objects.filter(user=made.bob).delete()
    fill(made.entry, complete_report(uscc=made.institution.uscc, name=made.institution.name), made.alice)


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "furnish":
        furnish()
    else:
        serve(int(sys.argv[1]))
