//go:build unix

package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long a program may take that is being talked to; one that
// waits for what never comes is ended then.
const patience = 30 * time.Second

// program is a command that runs this test binary as wenbao: see TestMain.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, self)
	cmd.Args = append([]string{"wenbao"}, args...)
	cmd.Env = []string{"HOME=" + t.TempDir(), "LANG=zh_CN.UTF-8", "TERM=xterm"}
	return cmd
}

// TestInterrupt sends Ctrl-C to the program while it waits for the next question.
func TestInterrupt(t *testing.T) {
	cmd := program(t, "ask", "--corpus", pages, "-")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(stdin, `{"id":1,"question":"临江区2025年有什么计划？"}`+"\n"); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, `{"id":1,`) {
		t.Fatalf("first line %q, %v", line, err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, cmd.Wait()); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	if got := stderr.String(); !strings.HasPrefix(got, "wenbao: 已中断\n") {
		t.Errorf("stderr %q", got)
	}
}

func exitCode(t *testing.T, err error) int {
	t.Helper()
	if err == nil {
		return 0
	}
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		t.Fatal(err)
	}
	return exit.ExitCode()
}

// nobody is the usual number of the user who owns nothing.
const nobody = 65534

// TestNoPermission reads a folder of which some may not be read, and writes to
// one that may not be written. The superuser may do anything and so has to
// become nobody first.
func TestNoPermission(t *testing.T) {
	root, err := os.MkdirTemp("", "wenbao")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(root) })
	secret := filepath.Join(root, "pages", "secret")
	t.Cleanup(func() { _ = os.Chmod(secret, 0o700) })
	for _, dir := range []string{secret, filepath.Join(root, "own"), filepath.Join(root, "sealed")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	page := []byte("白塔镇修好一座桥\n\n本报讯 白塔镇的石桥上月修好，村民不用再绕路。\n")
	for _, name := range []string{"open.txt", "secret/a.txt", "shut.txt"} {
		if err := os.WriteFile(filepath.Join(root, "pages", name), page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run := asNobody(t, root)
	for path, mode := range map[string]fs.FileMode{"": 0o755, "own": 0o777, "sealed": 0o555, "pages/secret": 0, "pages/shut.txt": 0} {
		if err := os.Chmod(filepath.Join(root, path), mode); err != nil {
			t.Fatal(err)
		}
	}

	stdout, stderr, code := run("ingest", "--data", "own/lib", "pages")
	if code != exitFailed {
		t.Errorf("ingest: exit code %d: %s", code, stderr)
	}
	for _, want := range []string{
		"wenbao: pages/secret：没有权限读取，已跳过\n", "wenbao: pages/shut.txt：没有权限读取，已跳过\n",
	} {
		if !strings.Contains(stderr, want) {
			t.Errorf("stderr %q, want %q", stderr, want)
		}
	}
	if !strings.Contains(stdout, "文库现有报道 1 篇") {
		t.Errorf("stdout %q", stdout)
	}
	_, stderr, code = run("ingest", "--data", "sealed/lib", "pages/open.txt")
	if code != exitFailed || !strings.Contains(stderr, "没有权限") || strings.Count(stderr, "wenbao: ") != 1 {
		t.Errorf("ingest into a sealed folder: exit code %d, stderr %q", code, stderr)
	}
}

// asNobody gives a function that runs the program in dir without privileges.
func asNobody(t *testing.T, dir string) func(args ...string) (stdout, stderr string, code int) {
	t.Helper()
	binary := ""
	if os.Geteuid() == 0 {
		binary = filepath.Join(dir, "wenbao")
		copyFile(t, binary)
	}
	return func(args ...string) (string, string, int) {
		cmd := program(t, args...)
		cmd.Dir = dir
		if binary != "" {
			cmd.Path = binary
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		}
		var stdout, stderr strings.Builder
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		err := cmd.Run()
		return stdout.String(), stderr.String(), exitCode(t, err)
	}
}

// copyFile copies this test binary to where everybody may run it.
func copyFile(t *testing.T, to string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, b, 0o755); err != nil {
		t.Fatal(err)
	}
}
