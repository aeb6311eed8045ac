package main

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestWithoutNetwork asks where there is no network at all, not even a loopback.
func TestWithoutNetwork(t *testing.T) {
	cmd := program(t, "ask", "--corpus", pages, "临江区2025年计划新增多少张养老床位？")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSYS) || errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.ENOSPC) {
		t.Skip("namespaces are not to be had here:", err)
	}
	if err != nil || !strings.Contains(string(out), "500张") {
		t.Errorf("%v: %s", err, out)
	}
}
