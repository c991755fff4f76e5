#: from plugins-world PLUGIN=overlay-calico
