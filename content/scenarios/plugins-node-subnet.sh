#: from plugins-world PLUGIN=node-subnet
