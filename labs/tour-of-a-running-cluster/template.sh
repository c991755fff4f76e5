#!/usr/bin/env bash
# A tour of cluster aks-tour in rg-tour. Answer what is asked: answer KEY VALUE.
# `answer` without anything lists the questions.
set -euo pipefail

az aks get-credentials --resource-group rg-tour --name aks-tour --overwrite-existing

# answer range-holder aks-...
