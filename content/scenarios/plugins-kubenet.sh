#: from plugins-world PLUGIN=kubenet
