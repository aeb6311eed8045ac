package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"wenbao/corpus/library"
	"wenbao/rag/llm/llmtest"
)

// update rewrites the expected output within the scripts.
var update = flag.Bool("update", false, "rewrite the scripts' expected output")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"wenbao": main})
}

// TestScripts runs the program itself, in a process of its own for each command.
// The scripts find the sample newspaper in $PAGES, odd files in $BAD, and have a
// home without a library.
func TestScripts(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	p := testscript.Params{
		Dir:                filepath.Join(testdata, "script"),
		UpdateScripts:      *update,
		RequireUniqueNames: true,
		Setup:              func(e *testscript.Env) error { return setUp(e, testdata) },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
			"json":  checkJSON,
			"first": firstValue,
			"lines": countLines,
			"lock":  lockLibrary,
			"same":  sameFolder,
			"cut":   cutFile,
			"serve": func(ts *testscript.TestScript, _ bool, args []string) { serve(t, ts, args[0]) },
		},
	}
	if raceEnabled {
		// The race detector makes each process ten times slower. This is the
		// script with a goroutine of the program's own.
		p.Dir, p.Files = "", []string{filepath.Join(p.Dir, "lines.txtar")}
	}
	testscript.Run(t, p)
}

func setUp(e *testscript.Env, testdata string) error {
	home := filepath.Join(e.WorkDir, "home")
	for key, value := range map[string]string{
		"HOME": home, "XDG_DATA_HOME": "", "WENBAO_DATA": "", "LANG": "zh_CN.UTF-8",
		"PAGES": filepath.Join(testdata, "pages"),
		"BAD":   filepath.Join(testdata, "bad"),
	} {
		e.Setenv(key, value)
	}
	return os.MkdirAll(home, 0o700)
}

// serve NAME starts a server of models on loopback and sets $SERVER to its address:
// "writer" answers as goodAnswer does, "silent" says nothing, "key" wants a key.
func serve(t *testing.T, ts *testscript.TestScript, name string) {
	script, ok := map[string]llmtest.Script{
		"writer": {Chat: answerScripts, Models: []string{"writer", "vectors"}, Context: 8192},
		"silent": {Replies: []llmtest.Reply{llmtest.Stream(llmtest.Hang())}},
		"key":    {Key: "sk-right-key", Models: []string{"writer"}},
	}[name]
	if !ok {
		ts.Fatalf("there is no server %s", name)
	}
	ts.Setenv("SERVER", llmtest.Start(t, script).URL)
}

// answerScripts is goodAnswer, and knows one follow-up.
func answerScripts(r llmtest.Request) llmtest.Reply {
	last := r.Messages[len(r.Messages)-1].Content
	switch {
	case strings.HasSuffix(last, "改写："):
		return llmtest.Answer("江滨新区2025年计划新增多少张养老床位？")
	case strings.Contains(last, "问题：江滨新区"):
		return llmtest.Answer("江滨新区2025年计划新增养老床位400张。" + markerOf(r, "新增养老床位400张"))
	}
	return goodAnswer(r)
}

// exits CODE COMMAND… runs a command and wants that exit code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	code := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// json FILE PATH [REGEXP] wants the value at a path of JSON to match as a whole.
// FILE may be stdout. The path is made of keys and numbers and dots; before it,
// "@2:" picks the second line. The value of a list or object is its JSON; "length"
// at the end of a path is its length. Negated, the path must not be there.
func checkJSON(ts *testscript.TestScript, neg bool, args []string) {
	text, path := ts.ReadFile(args[0]), args[1]
	if rest, ok := strings.CutPrefix(path, "@"); ok {
		number, after, _ := strings.Cut(rest, ":")
		n, err := strconv.Atoi(number)
		ts.Check(err)
		all := strings.Split(strings.TrimSpace(text), "\n")
		if n > len(all) {
			ts.Fatalf("line %d of %d", n, len(all))
		}
		text, path = all[n-1], after
	}
	var v any
	ts.Check(json.Unmarshal([]byte(text), &v))
	got, ok := at(v, path)
	if neg && ok {
		ts.Fatalf("%s is there: %s", path, got)
	}
	if neg {
		return
	}
	if !ok {
		ts.Fatalf("no %s in %s", path, text)
	}
	if len(args) > 2 && !regexp.MustCompile("^(?s:"+args[2]+")$").MatchString(got) {
		ts.Fatalf("%s is %s, want %s", path, got, args[2])
	}
}

// at follows a path into a JSON value; strings come without quotes.
func at(v any, path string) (string, bool) {
	for _, key := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' }) {
		switch parent := v.(type) {
		case map[string]any:
			child, ok := parent[key]
			if !ok {
				return "", false
			}
			v = child
		case []any:
			if key == "length" {
				v = len(parent)
				continue
			}
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(parent) {
				return "", false
			}
			v = parent[i]
		default:
			return "", false
		}
	}
	if s, ok := v.(string); ok {
		return s, true
	}
	b, err := json.Marshal(v)
	return string(b), err == nil
}

// lines FILE N wants a file of so many lines.
func countLines(ts *testscript.TestScript, _ bool, args []string) {
	if n := strings.Count(ts.ReadFile(args[0]), "\n"); strconv.Itoa(n) != args[1] {
		ts.Fatalf("%s has %d lines, want %s", args[0], n, args[1])
	}
}

// lock DIR holds a library for writing until the script ends.
func lockLibrary(ts *testscript.TestScript, _ bool, args []string) {
	w, err := library.Begin(context.Background(), ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(func() { _ = w.Close() })
}

// same DIR FILE wants a folder to hold what it held when FILE was written by the
// first call: the names and contents of all files.
func sameFolder(ts *testscript.TestScript, _ bool, args []string) {
	var b strings.Builder
	dir, note := ts.MkAbs(args[0]), ts.MkAbs(args[1])
	ts.Check(filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		b.WriteString(strconv.Quote(path) + " " + strconv.Quote(string(content)) + "\n")
		return err
	}))
	before, err := os.ReadFile(note)
	if errors.Is(err, os.ErrNotExist) {
		ts.Check(os.WriteFile(note, []byte(b.String()), 0o600))
		return
	}
	ts.Check(err)
	if string(before) != b.String() {
		ts.Fatalf("%s has changed", args[0])
	}
}

// cut FILE N leaves the first N bytes of a file.
func cutFile(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
}

// first FILE PATH NAME sets $NAME to the value at a path of JSON, and $PREFIX to
// its first characters but one.
func firstValue(ts *testscript.TestScript, _ bool, args []string) {
	var v any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &v))
	got, ok := at(v, args[1])
	if !ok {
		ts.Fatalf("no %s", args[1])
	}
	ts.Setenv(args[2], got)
	ts.Setenv("PREFIX", got[:len(got)-1])
}
