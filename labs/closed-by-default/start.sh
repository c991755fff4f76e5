#: internet-host api 198.51.100.40 dns=api.example.com ports=80,443
#: internet-host lookalike 198.51.100.41 dns=evil-api.example.com ports=443
#: internet-host sister 198.51.100.42 dns=www.example.com ports=80,443
#: internet-host drop 198.51.100.66 dns=drop.example.net ports=22,80,443,8080
#: internet-host forum 203.0.113.80 dns=forum.example.org ports=80,443
#: internet-host files 198.51.100.70 dns=files.blob.core.windows.net ports=443

az group create -n rg-vault -l westeurope -o none
