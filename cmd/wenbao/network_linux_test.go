package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestWithoutNetwork runs every command, as it is without configuration, where
// there is no network at all, not even a loopback.
func TestWithoutNetwork(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes each process ten times slower")
	}
	questions := filepath.Join(t.TempDir(), "questions.jsonl")
	question := `{"id":"1","question":"` + bedsQuestion + `","kind":"number","outcome":"answered"}`
	if err := os.WriteFile(questions, []byte(question+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	passage := ""
	for _, name := range commandNames() {
		args, ok := map[string][]string{
			"ingest": {pages}, "articles": {}, "ask": {bedsQuestion}, "search": {"--json", bedsQuestion}, "chat": {},
			"show": {passage}, "verify": {bedsQuote}, "doctor": {}, "config": {},
			"eval": {"answers", "--questions", questions}, "version": {}, "help": {},
		}[name]
		if !ok {
			t.Errorf("%s is not run without a network", name)
			continue
		}
		out := withoutNetwork(t, home, append([]string{name}, args...))
		if wants := map[string]string{"ask": "500张", "chat": "500张", "show": "500张", "doctor": "不连接任何地址"}[name]; !strings.Contains(out, wants) {
			t.Errorf("%s: no %q in %s", name, wants, out)
		}
		if _, after, ok := strings.Cut(out, `"passage_id":"`); name == "search" && ok {
			passage, _, _ = strings.Cut(after, `"`)
		}
	}
}

// withoutNetwork runs the program with a question on its standard input and gives
// all that it writes.
func withoutNetwork(t *testing.T, home string, args []string) string {
	t.Helper()
	cmd := program(t, args...)
	cmd.Env[0] = "HOME=" + home
	cmd.Stdin = strings.NewReader(bedsQuestion + "\n")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSYS) || errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.ENOSPC) {
		t.Skip("namespaces are not to be had here:", err)
	}
	if err != nil {
		t.Errorf("%v: %v: %s", args, err, out)
	}
	return string(out)
}
