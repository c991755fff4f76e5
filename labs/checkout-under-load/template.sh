#!/usr/bin/env bash
# One payment in three fails. Find out where and why, then mend it twice: with more source ports, and with a NAT gateway
# that has the address pip-egress. The programs of the other teams go on as they are.
set -euo pipefail

# 1. Where, and who is in the way?
#    answer node NAME
#    answer deployment NAME
#    answer ports NUMBER

# 2. More ports
#    calc snat-ports --help

# 3. A NAT gateway
