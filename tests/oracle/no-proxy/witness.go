// Asks net/http whom it would dial. Standard input and output as witness.py has them; `go run witness.go`.
// Go reads the variables once in a process, so every question gets a process of its own.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

type question struct {
	Env map[string]string `json:"env"`
	URL string            `json:"url"`
}

func askOne(address string) string {
	dialled := ""
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(_ context.Context, _, to string) (net.Conn, error) {
			dialled = to
			return nil, errors.New("only asking")
		},
	}
	client := &http.Client{Transport: transport}
	_, err := client.Get(address)
	if dialled == "" {
		return fmt.Sprintf("error: %v", err)
	}
	host, port, _ := net.SplitHostPort(dialled)
	if host == "" && port == "" {
		return fmt.Sprintf("error: %v", err)
	}
	if host == "" {
		host = "localhost" // what an address without a host means to net.Dial
	}
	target, _ := url.Parse(address)
	if strings.EqualFold(host, target.Hostname()) {
		return "direct"
	}
	return strings.TrimSuffix(host, ".test") + ":" + port
}

func main() {
	if len(os.Args) > 1 {
		fmt.Print(askOne(os.Args[1]))
		return
	}
	var input struct{ Questions []question }
	if err := json.NewDecoder(os.Stdin).Decode(&input); err != nil {
		panic(err)
	}
	answers := []map[string]string{}
	for _, each := range input.Questions {
		child := exec.Command(os.Args[0], each.URL)
		child.Env = []string{}
		for name, value := range each.Env {
			child.Env = append(child.Env, name+"="+value)
		}
		said, err := child.Output()
		if err != nil {
			panic(err)
		}
		answers = append(answers, map[string]string{"go": string(said)})
	}
	json.NewEncoder(os.Stdout).Encode(map[string]any{
		"versions": map[string]string{"go": strings.TrimPrefix(runtime.Version(), "go")},
		"answers":  answers,
	})
}
