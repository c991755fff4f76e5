#: from plugins-world PLUGIN=overlay
