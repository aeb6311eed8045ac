package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
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
		if name == "bot" {
			botWithoutNetwork(t, home)
			continue
		}
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
	cmd := secluded(t, home, args)
	cmd.Stdin = strings.NewReader(bedsQuestion + "\n")
	out, err := cmd.CombinedOutput()
	skipWithoutNamespaces(t, err)
	if err != nil {
		t.Errorf("%v: %v: %s", args, err, out)
	}
	return string(out)
}

// secluded is the program in a namespace without a network.
func secluded(t *testing.T, home string, args []string) *exec.Cmd {
	t.Helper()
	cmd := program(t, args...)
	cmd.Env[0] = "HOME=" + home
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	return cmd
}

func skipWithoutNamespaces(t *testing.T, err error) {
	t.Helper()
	for _, refused := range []error{syscall.EPERM, syscall.ENOSYS, syscall.EACCES, syscall.ENOSPC} {
		if errors.Is(err, refused) {
			t.Skip("namespaces are not to be had here:", err)
		}
	}
}

// botWithoutNetwork wants the bot to say plainly what it lacks; and with a token to
// start, to go on trying, and to end in order.
func botWithoutNetwork(t *testing.T, home string) {
	t.Helper()
	out, err := secluded(t, home, []string{"bot"}).CombinedOutput()
	skipWithoutNamespaces(t, err)
	if code := exitCode(t, err); code != exitFailed || !strings.Contains(string(out), "@BotFather") {
		t.Errorf("bot without a token: exit code %d: %s", code, out)
	}
	cmd := secluded(t, home, []string{"bot"})
	cmd.Env = append(cmd.Env, "WENBAO_TELEGRAM_TOKEN="+fakeToken)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	said := ""
	for tries := 0; tries < 2 && lines.Scan(); {
		said += lines.Text() + "\n"
		if strings.Contains(lines.Text(), "method=getMe") {
			tries++
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		said += lines.Text() + "\n"
	}
	if code := exitCode(t, cmd.Wait()); code != exitOK {
		t.Errorf("bot: exit code %d: %s", code, said)
	}
	if _, secret, _ := strings.Cut(fakeToken, ":"); strings.Contains(said, secret) {
		t.Errorf("the token is told: %s", said)
	}
}
