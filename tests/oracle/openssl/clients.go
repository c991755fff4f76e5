// Asks crypto/x509 about chains, as a client of crypto/tls does: reads a JSON list of {name, host, sent, trusted} (PEM)
// and a time, and writes a list of {name, error}.
package main

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"time"
)

type question struct {
	At    int64
	Cases []struct{ Name, Host, Sent, Trusted string }
}

type answer struct {
	Name  string `json:"name"`
	Error string `json:"error"`
}

func certificates(text string) []*x509.Certificate {
	var all []*x509.Certificate
	rest := []byte(text)
	for {
		var block *pem.Block
		block, rest = pem.Decode(rest)
		if block == nil {
			return all
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			panic(err)
		}
		all = append(all, certificate)
	}
}

func main() {
	var asked question
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		panic(err)
	}
	answers := []answer{}
	for _, each := range asked.Cases {
		sent := certificates(each.Sent)
		options := x509.VerifyOptions{
			Roots:         x509.NewCertPool(),
			Intermediates: x509.NewCertPool(),
			DNSName:       each.Host,
			CurrentTime:   time.Unix(asked.At, 0).UTC(),
		}
		for _, certificate := range certificates(each.Trusted) {
			options.Roots.AddCert(certificate)
		}
		for _, certificate := range sent[1:] {
			options.Intermediates.AddCert(certificate)
		}
		said := "ok"
		if _, err := sent[0].Verify(options); err != nil {
			said = err.Error()
		}
		answers = append(answers, answer{each.Name, said})
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		panic(err)
	}
}
