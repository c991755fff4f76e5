"""Asks curl and Python's ssl about chains: a TLS server on loopback shows each, and the words of the clients are kept.

Reads a JSON list of {name, host, sent, trusted, key} (PEM) from stdin and writes a list of
{name, curl: {exit, stderr}, python, requests} to stdout; null where a client cannot be asked.
"""

import json
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading


def server(folder):
    """Starts a server for one chain; returns its port and what ends it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, "sent.pem"), os.path.join(folder, "key.pem"))
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    over = threading.Event()

    def serve():
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            try:
                connection.settimeout(5)
                with context.wrap_socket(connection, server_side=True) as secure:
                    secure.recv(4096)
                    secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nhi\n")
            except (OSError, ssl.SSLError):
                pass
        listener.close()

    thread = threading.Thread(target=serve)
    thread.start()

    def stop():
        over.set()
        thread.join()

    return listener.getsockname()[1], stop


def ask_python(folder, host, port, reads_common_name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.hostname_checks_common_name = reads_common_name
    context.load_verify_locations(os.path.join(folder, "trusted.pem"))
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            with context.wrap_socket(connection, server_hostname=host) as secure:
                secure.sendall(b"GET / HTTP/1.0\r\n\r\n")
                secure.recv(100)
        return "ok"
    except ssl.SSLError as error:
        return re.sub(r"\(_ssl\.c:\d+\)", "(_ssl.c:LINE)", error.args[1])


def ask_curl(folder, host, port):
    done = subprocess.run(
        ["curl", "-sS", "--max-time", "5", "--noproxy", "*", "--cacert", os.path.join(folder, "trusted.pem"),
         "--capath", folder, "--resolve", f"{host}:{port}:127.0.0.1", f"https://{host}:{port}/"],
        capture_output=True, text=True, check=False)
    return {"exit": done.returncode, "stderr": done.stderr}


def main():
    answers = []
    for case in json.load(sys.stdin):
        answer = {"name": case["name"], "curl": None, "python": None, "requests": None}
        answers.append(answer)
        if case["trusted"] == "":
            continue
        with tempfile.TemporaryDirectory() as folder:
            for name in ("sent", "trusted", "key"):
                with open(os.path.join(folder, name + ".pem"), "w", encoding="ascii") as file:
                    file.write(case[name])
            port, stop = server(folder)
            try:
                answer["curl"] = ask_curl(folder, case["host"], port)
                answer["python"] = ask_python(folder, case["host"], port, True)
                answer["requests"] = ask_python(folder, case["host"], port, False)
            finally:
                stop()
    json.dump(answers, sys.stdout)


main()
