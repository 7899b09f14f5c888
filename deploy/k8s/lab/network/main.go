// The small programs that a cluster of tests needs beside Kubernetes: a DNS server with the plugins for
// Services only, an agent that enforces NetworkPolicies, and the program of the pause image, which holds
// the namespaces of a pod.
package main

import (
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/ready"
)

func main() {
	switch filepath.Base(os.Args[0]) {
	case "pause":
		stop := make(chan os.Signal, 1)
		signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
		<-stop
	case "policies":
		policies()
	default:
		dnsserver.Directives = []string{"errors", "ready", "cache", "kubernetes"}
		coremain.Run()
	}
}
