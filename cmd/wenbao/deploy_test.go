package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var variable = regexp.MustCompile(`WENBAO_[A-Z_]+`)

// TestDeploy holds the files of deploy to variables and flags that there are.
func TestDeploy(t *testing.T) {
	a := newApp(nil, env{Getenv: func(string) string { return "" }})
	known := []string{"WENBAO_DATA", "WENBAO_CONFIG"}
	for _, name := range settingNames() {
		known = append(known, "WENBAO_"+strings.ToUpper(name))
	}
	for _, file := range []string{"wenbao.service", "Containerfile"} {
		b, err := os.ReadFile(filepath.Join("deploy", file))
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		found := variable.FindAllString(text, -1)
		if len(found) == 0 {
			t.Errorf("%s names no variable", file)
		}
		for _, name := range found {
			if !slices.Contains(known, name) {
				t.Errorf("%s: there is no %s", file, name)
			}
		}
		for line := range strings.Lines(text) {
			checkFlags(t, a, file, line)
		}
	}
}

// checkFlags looks at the flags on a line that runs the program: bot, or ingest.
func checkFlags(t *testing.T, a *app, file, line string) {
	t.Helper()
	at := strings.LastIndex(line, "wenbao ")
	if at < 0 {
		return
	}
	words := strings.Fields(line[at:])[1:]
	name := "bot"
	if slices.Contains(words, "ingest") {
		name = "ingest"
	}
	c, _ := newCommand(name)
	fs := a.flagSet(name)
	c.flags(a, fs)
	for _, word := range words {
		if flag, ok := strings.CutPrefix(word, "--"); ok && flag != "" && fs.Lookup(flag) == nil {
			t.Errorf("%s: %s has no flag --%s", file, name, flag)
		}
	}
}

// TestContainer wants an image of nothing but the program, which nobody in
// particular runs, built from all that the program is made of.
func TestContainer(t *testing.T) {
	b, err := os.ReadFile("deploy/Containerfile")
	if err != nil {
		t.Fatal(err)
	}
	var base, user string
	var copied []string // into the stage that builds
	for line := range strings.Lines(string(b)) {
		words := strings.Fields(line)
		switch {
		case len(words) < 2:
		case words[0] == "FROM":
			base = words[1]
		case words[0] == "USER":
			user = words[1]
		case words[0] == "COPY" && base != "scratch":
			copied = append(copied, words[1:len(words)-1]...)
		}
	}
	if base != "scratch" {
		t.Errorf("the image is made from %q", base)
	}
	if id, err := strconv.Atoi(strings.Split(user, ":")[0]); err != nil || id == 0 {
		t.Errorf("the program runs as %q", user)
	}
	for _, file := range madeOf(t) {
		if !slices.ContainsFunc(copied, func(c string) bool { return file == c || strings.HasPrefix(file, c+"/") }) {
			t.Errorf("%s is not copied for the build: %q", file, copied)
		}
	}
}

// madeOf lists the files of this module that the program is built from.
func madeOf(t *testing.T) []string {
	t.Helper()
	const format = `{{if .Module}}{{if .Module.Main}}{{range .GoFiles}}{{$.Dir}}/{{.}}
{{end}}{{range .EmbedFiles}}{{$.Dir}}/{{.}}
{{end}}{{end}}{{end}}`
	out, err := exec.Command("go", "list", "-deps", "-f", format, ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	files := []string{"go.mod", "go.sum"}
	for file := range strings.FieldsSeq(string(out)) {
		name, err := filepath.Rel(root, file)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, filepath.ToSlash(name))
	}
	if len(files) < 100 {
		t.Fatalf("the program is made of %d files", len(files))
	}
	return files
}

// TestUnit has systemd read the unit, where there is systemd.
func TestUnit(t *testing.T) {
	verify, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd is not to be had here")
	}
	unit, err := os.ReadFile("deploy/wenbao.service")
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(unit), "/usr/local/bin/wenbao", self, 1)
	if text == string(unit) {
		t.Fatal("the unit does not run /usr/local/bin/wenbao")
	}
	file := filepath.Join(t.TempDir(), "wenbao.service")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(verify, "verify", "--man=no", file).CombinedOutput()
	if err != nil || len(out) > 0 { // what it does not know is only told
		t.Errorf("%v: %s", err, out)
	}
}
