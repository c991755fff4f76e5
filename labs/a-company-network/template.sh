#!/usr/bin/env bash
# Five tickets in a company's network (rg-company): a hypothesis for each, then the repair.
set -euo pipefail

az aks get-credentials -g rg-company -n aks-data --overwrite-existing
az aks get-credentials -g rg-company -n aks-shop --overwrite-existing

# For each ticket: look, write down what you suspect, then mend that one object.
#    netpath --from host/customer --to PIP --port 80
# answer customers NAME
# answer stock NAME
# answer plant NAME
# answer ratings NAME
# answer payments NAME
