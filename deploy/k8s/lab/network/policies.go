package main

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
)

// policies takes the first packet of every connection of a node's pods from a queue of the kernel, and
// lets it pass or drops it as the NetworkPolicies say. The lab makes the rules that fill the queue.
func policies() {
	kubeconfig := flag.String("kubeconfig", "", "the file with the address of the API server")
	node := flag.String("node", "", "the name of the node")
	queue := flag.Int("queue", 0, "the number of the kernel's queue")
	klog.InitFlags(nil)
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	failed(err)
	client, err := kubernetes.NewForConfig(config)
	failed(err)
	factory := informers.NewSharedInformerFactory(client, 0)
	controller, err := networkpolicy.NewController(
		client,
		factory.Networking().V1().NetworkPolicies(),
		factory.Core().V1().Namespaces(),
		factory.Core().V1().Pods(),
		nil, nil, nil, nil,
		networkpolicy.Config{NodeName: *node, QueueID: *queue},
	)
	failed(err)
	factory.Start(ctx.Done())
	failed(controller.Run(ctx))
}

func failed(err error) {
	if err != nil {
		klog.ErrorS(err, "this node enforces no network policies, so no pod is reached: see the error, and start the lab again")
		os.Exit(1)
	}
}
