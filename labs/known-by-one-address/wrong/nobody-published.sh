# caught-by: customer-to-front, customer-reply, nobody-by-gateway, nobody-to-mail
# like: solution.sh
# - kubectl expose deployment probe --name front --port 80 --type LoadBalancer
# + kubectl expose deployment probe --name front --port 80
