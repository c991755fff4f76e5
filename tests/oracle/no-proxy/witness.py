"""Asks urllib and requests who would be connected to, through real sockets of loopback.

Standard input: JSON {"questions": [{"env": {...}, "url": "..."}]}. Standard output: JSON
{"versions": {...}, "answers": [{"python-urllib": "proxy:3128", ...}]}. An answer is "direct", "HOST:PORT" of a
proxy (without its ".test") or "error: ..." where nobody was connected to.

Only one thing is not as the programs have it: names and addresses lead to a listener on 127.0.0.1.
"""
import json
import os
import platform
import queue
import socket
import ssl
import sys
import threading
import urllib.parse
import urllib.request
import warnings

warnings.filterwarnings("ignore")
try:
    import requests
except ImportError:
    requests = None

asked = queue.Queue()
target = ""


def listen():
    """Answers any request with an empty page, a CONNECT with 403, and closes on anything else."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            client, _ = listener.accept()
            try:
                client.settimeout(2)
                data = client.recv(4096)
                if data.startswith(b"CONNECT "):
                    client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                elif data.startswith(b"GET "):
                    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            except OSError:
                pass
            finally:
                client.close()

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


PORT = listen()


def lead_to_loopback(host, port, *rest, **named):
    name = host.decode() if isinstance(host, bytes) else str(host)
    asked.put("direct" if name.lower() == target else f"{name.removesuffix('.test')}:{port}")
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", PORT))]


socket.getaddrinfo = lead_to_loopback


# Certificates are nobody's question here, and reading those of the machine takes most of the time.
UNVERIFIED = ssl._create_unverified_context()


def with_urllib(url):
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=UNVERIFIED))
    opener.open(url, timeout=5).read()


def with_requests(url):
    with requests.Session() as session:
        session.get(url, timeout=5, verify=False, allow_redirects=False)


def ask(client, question):
    global target
    target = urllib.parse.urlsplit(question["url"]).hostname
    for name in [name for name in os.environ if name.lower().endswith("_proxy")] + ["REQUEST_METHOD"]:
        os.environ.pop(name, None)
    os.environ.update(question["env"])
    while not asked.empty():
        asked.get()
    try:
        client(question["url"])
        error = ""
    except Exception as problem:  # what it says is the answer where nobody was asked
        error = f"{type(problem).__name__}: {problem}"
    return f"error: {error}" if asked.empty() else asked.get()


clients = {"python-urllib": with_urllib}
versions = {"python-urllib": platform.python_version()}
if requests is not None:
    clients["python-requests"] = with_requests
    versions["python-requests"] = requests.__version__
questions = json.load(sys.stdin)["questions"]
answers = [{name: ask(client, each) for name, client in clients.items()} for each in questions]
json.dump({"versions": versions, "answers": answers}, sys.stdout)
