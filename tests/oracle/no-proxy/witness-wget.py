"""Asks GNU wget and the wget of busybox whom they connect to; input and output as witness.py has them.

Runs under `unshare --net --mount` (root): a hosts file names the proxies, and no other name resolves.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse

HOSTS = {"proxy.test": "127.0.0.2", "proxy-a.test": "127.0.0.3", "proxy-b.test": "127.0.0.4", "proxy-c": "127.0.0.6"}


def quiet(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def prepare():
    quiet("ip", "link", "set", "lo", "up")
    with tempfile.NamedTemporaryFile("w", delete=False) as hosts:
        hosts.write("".join(f"{address} {name}\n" for name, address in HOSTS.items()))
    with tempfile.NamedTemporaryFile("w", delete=False) as resolv:
        resolv.write("nameserver 127.0.0.1\noptions attempts:1 timeout:1\n")
    for file in (hosts.name, resolv.name):
        os.chmod(file, 0o644)
    quiet("mount", "--bind", hosts.name, "/etc/hosts")
    quiet("mount", "--bind", resolv.name, "/etc/resolv.conf")


def ask(words, question):
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C", **question["env"]}
    done = subprocess.run([*words, question["url"]], env=env, capture_output=True, text=True, timeout=20)
    found = re.search(r"bad address '(.*)'", done.stderr) or re.search(
        r"(?:Resolving|Connecting to) (\[.*?\]|[^: ]*)", done.stderr
    )
    if found:
        port = re.search(r"Connecting to .*?127\.0\.0\.\d+\|?:(\d+)", done.stderr)
        name = found.group(1).lower().strip("[]")
        if name == urllib.parse.urlsplit(question["url"]).hostname:
            return "direct"
        return f"{name.removesuffix('.test')}:{port.group(1) if port else '?'}"
    return "error: " + ([f"exit {done.returncode}"] + done.stderr.strip().splitlines())[-1]


def version(words, pattern):
    said = subprocess.run(words, capture_output=True, text=True)
    return re.search(pattern, said.stdout + said.stderr).group(1)


prepare()
questions = json.load(sys.stdin)["questions"]
clients = {
    "wget": ["wget", "--no-config", "-O", "/dev/null", "--tries=1", "--timeout=2"],
    "busybox-wget": ["busybox", "wget", "-O", "/dev/null"],
}
versions = {
    "wget": version(["wget", "--version"], r"Wget ([\d.]+)"),
    "busybox-wget": version(["busybox"], r"BusyBox v([\d.]+)"),
}
answers = [{name: ask(words, each) for name, words in clients.items()} for each in questions]
json.dump({"versions": versions, "answers": answers}, sys.stdout)
