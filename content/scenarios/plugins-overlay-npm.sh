#: from plugins-world PLUGIN=overlay-npm
