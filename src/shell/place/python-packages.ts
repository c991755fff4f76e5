/** What is said of pip, uv and the like. */
export const NO_PACKAGES =
  "installing packages of Python (VMs have requests; python3 -c 'import urllib.request; ...' fetches a URL everywhere)";
