"""Reads a ClientHello in hexadecimal digits from standard input, and answers with what Python's ssl server says.

Prints JSON: the name it was asked for, the protocol it chose, and its first records. The certificate is given by file.
"""
import json
import ssl
import sys

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1])
context.set_alpn_protocols(["http/1.1"])
asked = []
context.sni_callback = lambda _socket, name, _context: asked.append(name)
incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
server = context.wrap_bio(incoming, outgoing, server_side=True)
incoming.write(bytes.fromhex(sys.stdin.read().strip()))
error = None
try:
    server.do_handshake()
except ssl.SSLWantReadError:
    pass
except ssl.SSLError as problem:
    error = problem.reason
json.dump({"asked": asked, "error": error, "protocol": server.selected_alpn_protocol(), "said": outgoing.read().hex()},
          sys.stdout)
