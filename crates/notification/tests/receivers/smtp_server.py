"""A mail server for the tests, of aiosmtpd: submissions over TLS, with a login, each message in a file of its own before it is taken.

Its only argument is a JSON object: port, certificate, key, tls ("implicit" or "starttls"), username, password, store (a folder), and
what may be left out: die ("before" or "after" the message is kept), die_at (which message), plain (offers no STARTTLS).
"""

import asyncio
import json
import logging
import os
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

# It warns that a login without STARTTLS may be in the clear; here TLS began at once.
warnings.simplefilter("ignore")
logging.getLogger("mail").setLevel(logging.ERROR)

settings = json.loads(sys.argv[1])
store = settings["store"]


class Handler:
    """Keeps messages."""

    taken = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("unknown@"):
            return f"550 5.1.1 <{address}>: there is no such user"
        if address.startswith("busy@") and not os.path.exists(os.path.join(store, "free")):
            return "451 4.3.2 later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):
        Handler.taken += 1
        dies = settings.get("die") if Handler.taken == settings.get("die_at") else None
        if dies == "before":
            os._exit(9)
        name = os.path.join(store, f"{os.getpid()}-{Handler.taken:05}")
        with open(name + ".part", "wb") as file:
            head = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": bool(session.ssl) or settings["tls"] == "implicit"}
            head["user"] = session.auth_data.decode() if session.authenticated else None
            file.write(json.dumps(head).encode() + b"\n" + envelope.content)
            file.flush()
            os.fsync(file.fileno())
        os.rename(name + ".part", name + ".eml")
        if dies == "after":
            os._exit(9)
        return f"250 2.0.0 Ok: queued as {os.getpid():X}.{Handler.taken}"


def authenticate(server, session, envelope, mechanism, data):
    good = data.login.decode() == settings["username"] and data.password.decode() == settings["password"]
    # The name, for the record; never the password. Not handled: the server itself answers.
    return AuthResult(success=good, handled=False, auth_data=data.login)


async def main():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings["certificate"], settings["key"])
    implicit = settings["tls"] == "implicit"
    upgrade = None if implicit or settings.get("plain") else context

    def session():
        return SMTP(
            Handler(),
            hostname="mail.hospital.example",
            tls_context=upgrade,
            require_starttls=upgrade is not None,
            authenticator=authenticate,
            auth_required=True,
            # Where TLS began at once aiosmtpd does not know of it.
            auth_require_tls=not implicit,
            timeout=20,
        )

    await asyncio.get_running_loop().create_server(
        session, "127.0.0.1", settings["port"], ssl=context if implicit else None, reuse_address=True
    )
    print("ready", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
