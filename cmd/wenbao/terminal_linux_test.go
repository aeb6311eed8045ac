package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"wenbao/rag/llm/llmtest"
)

// terminal is a program on a pseudo-terminal, and what it has shown there that
// nobody waited for yet.
type terminal struct {
	t     *testing.T
	cmd   *exec.Cmd
	side  *os.File // the keyboard and screen
	shown string
}

func openTerminal(t *testing.T, cmd *exec.Cmd) *terminal {
	t.Helper()
	side, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err) // a system without pseudo-terminals
	}
	t.Cleanup(func() { _ = side.Close() })
	if err := unix.IoctlSetPointerInt(int(side.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(side.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(int(side.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 25, Col: 100}); err != nil {
		t.Fatal(err)
	}
	own, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = own, own, own
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := own.Close(); err != nil {
		t.Fatal(err)
	}
	return &terminal{t: t, cmd: cmd, side: side}
}

// waitFor reads until the text is shown, and goes on behind it from then on.
func (m *terminal) waitFor(text string) {
	m.t.Helper()
	b := make([]byte, 4096)
	for {
		if _, after, ok := strings.Cut(m.shown, text); ok {
			m.shown = after
			return
		}
		n, err := m.side.Read(b)
		m.shown += string(b[:n])
		if err != nil {
			m.t.Fatalf("%q was not shown, but %q: %v", text, m.shown, err)
		}
	}
}

func (m *terminal) enter(keys string) {
	m.t.Helper()
	if _, err := io.WriteString(m.side, keys); err != nil {
		m.t.Fatal(err)
	}
}

// end reads the rest and gives the exit code.
func (m *terminal) end() int {
	m.t.Helper()
	rest, _ := io.ReadAll(m.side) // ends with an error when the program has ended
	m.shown += string(rest)
	return exitCode(m.t, m.cmd.Wait())
}

func TestChatOnTerminal(t *testing.T) {
	ingest := program(t, "ingest", pages)
	if out, err := ingest.CombinedOutput(); err != nil {
		t.Fatalf("ingest: %v: %s", err, out)
	}
	cmd := program(t, "chat")
	cmd.Env = ingest.Env
	m := openTerminal(t, cmd)
	m.waitFor("/help 看命令")
	m.waitFor("问> ")
	m.enter("临江区2025年计划新增多少张养老床位？\r")
	m.waitFor("500张")
	m.waitFor("问> ")
	m.enter("/sources\r")
	m.waitFor("“新增养老床位500张")
	m.waitFor("问> ")
	m.enter("\x04") // Ctrl-D
	if code := m.end(); code != exitOK {
		t.Errorf("exit code %d: %s", code, m.shown)
	}

	home := strings.TrimPrefix(cmd.Env[0], "HOME=")
	history, err := os.ReadFile(filepath.Join(home, ".local/share/wenbao/chat_history"))
	if want := "临江区2025年计划新增多少张养老床位？\n/sources\n"; err != nil || string(history) != want {
		t.Errorf("history %q, %v, want %q", history, err, want)
	}

	// The next chat knows it, and Ctrl-C ends that one.
	cmd = program(t, "chat")
	cmd.Env = ingest.Env
	m = openTerminal(t, cmd)
	m.waitFor("问> ")
	m.enter("\x1b[A\x1b[A\r") // up, up
	m.waitFor("500张")
	m.waitFor("问> ")
	m.enter("\x03")
	if code := m.end(); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
}

// TestInterruptModelOnTerminal types Ctrl-C while a model writes: the keyboard is
// not read then, so it has to come as a signal.
func TestInterruptModelOnTerminal(t *testing.T) {
	s := llmtest.Start(t, llmtest.Script{Chat: func(r llmtest.Request) llmtest.Reply {
		return llmtest.Stream(llmtest.Say("临江区2025年计划新增养老床位500张。"+markerOf(r, bedsQuote)), llmtest.Say("另外"), llmtest.Hang())
	}})
	m := openTerminal(t, program(t, "chat", "--corpus", pages, "--model", "openai:writer", "--model-url", s.URL))
	m.waitFor("问> ")
	m.enter(bedsQuestion + "\r")
	m.waitFor("500张 [1]")
	m.enter("\x03")
	if code := m.end(); code != exitInterrupted || !strings.Contains(m.shown, "已中断") {
		t.Errorf("exit code %d: %s", code, m.shown)
	}
}

// TestTerminateChat ends a chat that waits for a question from outside.
func TestTerminateChat(t *testing.T) {
	m := openTerminal(t, program(t, "chat", "--corpus", pages))
	m.waitFor("问> ")
	if err := m.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := m.end(); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
}

func TestIngestOnTerminal(t *testing.T) {
	m := openTerminal(t, program(t, "ingest", pages))
	m.waitFor("读文件")
	m.waitFor("文库现有报道")
	if code := m.end(); code != exitOK {
		t.Errorf("exit code %d: %s", code, m.shown)
	}
}
