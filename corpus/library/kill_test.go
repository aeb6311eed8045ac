package library_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"wenbao/corpus/library"
)

// killDir, set to a directory, makes this test binary write there until it is killed.
const killDir = "WENBAO_LIBRARY_KILL_DIR"

// TestMain runs the tests, or the writer that TestKill kills.
func TestMain(m *testing.M) {
	if dir := os.Getenv(killDir); dir != "" {
		fmt.Fprintln(os.Stderr, writeForever(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// killKeys are the batches of each generation; every generation replaces all.
var killKeys = []string{"a", "b", "c", "d"}

// writeForever commits one generation after the other. The articles' titles name
// it. It writes "." for each batch put and the generation after each commit.
func writeForever(dir string) error {
	w, err := library.Begin(context.Background(), dir)
	if err != nil {
		return err
	}
	for {
		generation := w.Library().Generation() + 1
		for _, key := range killKeys {
			b := long(key, key+"1")
			b.Records = append(b.Records, record(key+"2", key, "短"))
			for i := range b.Records {
				b.Records[i].Article.Title = strconv.FormatUint(generation, 10)
			}
			if _, err := w.Put(b); err != nil {
				return err
			}
			fmt.Print(".")
		}
		if err := w.Commit(context.Background()); err != nil {
			return err
		}
		fmt.Print(w.Library().Generation())
	}
}

// TestKill kills a writing process at random moments. What it said was committed
// must be there, whole, and the next process must be able to go on.
func TestKill(t *testing.T) {
	const kills, mostProgress = 6, 60
	dir := t.TempDir()
	rnd := rand.New(rand.NewPCG(uint64(os.Getpid()), 1))
	var last uint64
	for range kills {
		progress := writeUntilKilled(t, dir, 1+rnd.IntN(mostProgress))
		reported := last
		if fields := strings.FieldsFunc(progress, func(r rune) bool { return r == '.' }); len(fields) > 1 {
			// The last number may be cut off.
			n, err := strconv.ParseUint(fields[len(fields)-2], 10, 64)
			if err != nil {
				t.Fatalf("progress %q", progress)
			}
			reported = n
		}
		last = checkKilled(t, dir, reported)
	}
	if last == 0 {
		t.Error("no process lived long enough to commit")
	}
}

// writeUntilKilled starts a writer, kills it after n bytes of progress and gives
// all the progress it made.
func writeUntilKilled(t *testing.T, dir string, n int) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), killDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	head := make([]byte, n)
	if _, err := io.ReadFull(out, head); err != nil {
		t.Errorf("the writer ended by itself: %v", err)
	}
	_, err = library.Begin(t.Context(), dir)
	if locked, ok := errors.AsType[*library.LockedError](err); !ok || locked.PID != cmd.Process.Pid {
		t.Errorf("a second writer beside process %d: %v", cmd.Process.Pid, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	tail, _ := io.ReadAll(out)
	_ = cmd.Wait() // it was killed
	return string(head) + string(tail)
}

// checkKilled checks that dir holds one whole generation, at least reported, and
// gives it.
func checkKilled(t *testing.T, dir string, reported uint64) uint64 {
	t.Helper()
	l, err := library.Open(dir)
	if errors.Is(err, library.ErrNoLibrary) && reported == 0 {
		return 0
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if l.Generation() < reported || len(l.Damage()) > 0 {
		t.Errorf("generation %d, %d was reported; damage: %v", l.Generation(), reported, l.Damage())
	}
	records := content(t, l)
	if len(records) != 2*len(killKeys) {
		t.Errorf("%d articles", len(records))
	}
	for _, r := range records {
		equal(t, "title of "+r.Article.ID, r.Article.Title, strconv.FormatUint(l.Generation(), 10))
	}
	return l.Generation()
}
