#: from plugins-world PLUGIN=overlay-cilium
