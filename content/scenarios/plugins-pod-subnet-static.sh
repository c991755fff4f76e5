#: from plugins-world PLUGIN=pod-subnet-static
