"""A receiver that ends the connection before it has read anything: it sends its half of the handshake of TLS 1.3, and leaves.

The other side has then a connection that stands, writes its message into it, and reads its end. Arguments: certificate, key, port.
"""

import socket
import ssl
import sys

context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(sys.argv[1], sys.argv[2])
listener = socket.create_server(("127.0.0.1", int(sys.argv[3])))
print("ready", flush=True)
while True:
    connection, _ = listener.accept()
    heard, said = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(heard, said, server_side=True)
    while not said.pending:
        heard.write(connection.recv(65536))
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            pass
    connection.sendall(said.read())
    connection.close()
