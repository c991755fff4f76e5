#!/usr/bin/env python3
"""Records what a real curl and a real mitmdump say to each other, byte by byte, on loopback.

    python3 tests/oracle/wire/record.py

Needs root (a network namespace of its own, so that port 443 and the name example.com are ours), curl, mitmdump and
openssl. Writes recorded/KIND.json: the bytes of both connections in the order in which they came by, and the TLS
secrets of both, with which the test opens what is sealed.
"""
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
NAME = "example.com"
PROXY_PORT = 8080
BODY = b"hello from the server\n"
# Times that make the recording the same on any day: none of the certificates is committed alone.
DAYS = "3650"

KINDS = {
    "tunnel": {"url": f"https://{NAME}/greeting", "proxy": ["--ignore-hosts", NAME]},
    "intercept": {"url": f"https://{NAME}/greeting", "proxy": []},
    "plain": {"url": f"http://{NAME}/greeting", "proxy": []},
    "direct": {"url": f"https://{NAME}/greeting", "proxy": None},
    # The client knows nothing of mitmproxy's CA.
    "untrusted": {"url": f"https://{NAME}/greeting", "proxy": []},
}


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout


def make_certificates(folder):
    ca, key = f"{folder}/ca.pem", f"{folder}/ca.key"
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", DAYS, "-keyout", key, "-out",
        ca, "-subj", "/O=Witness/CN=Witness Root", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{folder}/server.key", "-out",
        f"{folder}/server.csr", "-subj", f"/CN={NAME}")
    with open(f"{folder}/extensions", "w") as out:
        out.write(f"subjectAltName=DNS:{NAME},DNS:www.{NAME}\nbasicConstraints=CA:FALSE\n")
    run("openssl", "x509", "-req", "-in", f"{folder}/server.csr", "-CA", ca, "-CAkey", key, "-CAcreateserial", "-days",
        DAYS, "-sha256", "-extfile", f"{folder}/extensions", "-out", f"{folder}/server.pem")


def serve(folder, port, secured):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/server.pem", f"{folder}/server.key")
    context.set_alpn_protocols(["http/1.1"])
    listener = socket.create_server(("127.0.0.1", port))

    def answer(raw):
        with (context.wrap_socket(raw, server_side=True) if secured else raw) as peer:
            said = b""
            while b"\r\n\r\n" not in said:
                more = peer.recv(65536)
                if not more:
                    return
                said += more
            peer.sendall(b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s"
                         % (len(BODY), BODY))
            peer.recv(65536)

    def loop():
        while True:
            raw, _ = listener.accept()
            threading.Thread(target=quietly, args=(answer, raw), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()


def quietly(work, *given):
    try:
        work(*given)
    except OSError:
        pass


class Tap:
    """Stands before a port, hands everything on and keeps it."""

    lock = threading.Lock()
    said = []

    def __init__(self, connection, port, towards):
        self.connection, self.towards = connection, towards
        self.listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self.loop, daemon=True).start()

    def loop(self):
        while True:
            raw, _ = self.listener.accept()
            onward = socket.create_connection(("127.0.0.1", self.towards))
            for name, one, other in (("up", raw, onward), ("down", onward, raw)):
                threading.Thread(target=quietly, args=(self.pump, name, one, other), daemon=True).start()

    def pump(self, direction, one, other):
        while True:
            data = one.recv(65536)
            if not data:
                other.shutdown(socket.SHUT_WR)
                return
            with Tap.lock:
                last = Tap.said[-1] if Tap.said else None
                if last and (last["connection"], last["direction"]) == (self.connection, direction):
                    last["bytes"] += data.hex()
                else:
                    Tap.said.append({"connection": self.connection, "direction": direction, "bytes": data.hex()})
                other.sendall(data)


def record(kind, folder):
    case = KINDS[kind]
    Tap.said = []
    secrets = {side: f"{folder}/{kind}-{side}.secrets" for side in ("client", "proxy")}
    home = f"{folder}/mitm"
    proxy = None
    command = ["curl", "-sS", "--max-time", "10"]
    if case["proxy"] is not None:
        command += ["-x", f"http://127.0.0.1:{PROXY_PORT}"]
        proxy = subprocess.Popen(
            ["mitmdump", "--set", f"confdir={home}", "--listen-host", "127.0.0.1", "--listen-port", "8081", "--set",
             f"ssl_verify_upstream_trusted_ca={folder}/ca.pem", *case["proxy"]],
            env={**os.environ, "MITMPROXY_SSLKEYLOGFILE": secrets["proxy"]}, stdout=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", 8081)).close()
                break
            except OSError:
                time.sleep(0.1)
    if case["url"].startswith("https"):
        command += ["--cacert", f"{home}/mitmproxy-ca-cert.pem" if kind == "intercept" else f"{folder}/ca.pem"]
    Tap.said = []
    answer = subprocess.run([*command, case["url"]], env={**os.environ, "SSLKEYLOGFILE": secrets["client"]},
                            capture_output=True)
    time.sleep(0.5)
    if proxy is not None:
        proxy.terminate()
        proxy.wait()
    if answer.returncode != (60 if kind == "untrusted" else 0):
        sys.exit(f"{kind}: {answer.stderr.decode()}")

    def read(path):
        if not os.path.exists(path):
            return []
        with open(path) as text:
            return sorted({line.strip() for line in text if not line.startswith("#")})

    return {
        "kind": kind,
        "versions": {"curl": run("curl", "--version").split()[1], "mitmproxy": run("mitmdump", "--version").split()[1],
                     "openssl": run("openssl", "version").split()[1]},
        "command": [each.replace(folder, "DIR") for each in [*command, case["url"]]],
        "secrets": {"client": read(secrets["client"]), "proxy": read(secrets["proxy"])},
        "said": Tap.said,
    }


# What curl asks a proxy for, by its arguments behind `-x`.
REQUESTS = [
    ["http://PROXY", "https://example.com/"],
    ["http://PROXY", "https://example.com:8443/a?b=c#d"],
    ["http://PROXY", "http://example.com"],
    ["http://PROXY", "http://example.com:80/"],
    ["http://PROXY", "http://example.com:8000/a?b=c#d"],
    ["http://PROXY", "http://203.0.113.9/"],
    ["http://user:pass@PROXY", "https://example.com/"],
    ["http://user:pass@PROXY", "http://example.com/"],
]


def record_requests():
    rows = []
    for proxy, url in REQUESTS:
        listener = socket.create_server(("127.0.0.1", 0))
        heard = []

        def hear():
            peer, _ = listener.accept()
            with peer:
                heard.append(peer.recv(65536))

        thread = threading.Thread(target=hear)
        thread.start()
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        subprocess.run(["curl", "-s", "--max-time", "5", "-x", proxy.replace("PROXY", address), url],
                       capture_output=True)
        thread.join()
        listener.close()
        rows.append({"proxy": proxy, "url": url, "request": heard[0].decode()})
    return {"versions": {"curl": run("curl", "--version").split()[1]}, "rows": rows}


def inside():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    folder = tempfile.mkdtemp()
    hosts = f"{folder}/hosts"
    with open(hosts, "w") as out:
        out.write(f"127.0.0.1 localhost {NAME}\n")
    subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)
    try:
        make_certificates(folder)
        serve(folder, 8443, True)
        serve(folder, 8000, False)
        Tap("client-proxy", PROXY_PORT, 8081)
        Tap("to-server", 443, 8443)
        Tap("to-server", 80, 8000)
        os.makedirs(f"{HERE}/recorded", exist_ok=True)
        for kind in sys.argv[2:] or [*KINDS, "requests"]:
            with open(f"{HERE}/recorded/{kind}.json", "w") as out:
                json.dump(record_requests() if kind == "requests" else record(kind, folder), out, indent=1)
                out.write("\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        inside()
    else:
        os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable, os.path.abspath(__file__), "--inside",
                              *sys.argv[1:]])
