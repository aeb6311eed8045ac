package source_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wenbao/corpus/source"
)

// tree makes a folder: names that end in "/" are folders, "a -> b" are links to b
// relative to the link, the rest are files.
func tree(t *testing.T, names ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range names {
		link, target, isLink := strings.Cut(name, " -> ")
		full := filepath.Join(root, filepath.FromSlash(link))
		var err error
		switch {
		case isLink:
			if err = os.MkdirAll(filepath.Dir(full), 0o755); err == nil {
				err = os.Symlink(target, full)
			}
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(full, 0o755)
		default:
			write(t, root, name, sample)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// below gives the paths relative to root.
func below(root string, files []source.File) []string {
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimPrefix(f.Path, filepath.ToSlash(root)+"/"))
	}
	return names
}

func TestFind(t *testing.T) {
	tests := []struct {
		name  string
		tree  []string
		roots []string // relative to the tree, "." is the tree
		want  []string
	}{
		{"known extensions", []string{"b.md", "a.txt", "c.pdf", "d.jsonl.gz", "e.HTML", "f", "g.gz"}, []string{"."},
			[]string{"a.txt", "b.md", "d.jsonl.gz", "e.HTML"}},
		{"folders", []string{"2024-12-31/03.txt", "2024-12-31/01.txt", "a.txt", "empty/"}, []string{"."},
			[]string{"2024-12-31/01.txt", "2024-12-31/03.txt", "a.txt"}},
		{"hidden", []string{".a.txt", ".git/b.txt", "c.txt"}, []string{"."}, []string{"c.txt"}},
		{"named", []string{"page.dat", ".hidden.txt"}, []string{"page.dat", ".hidden.txt"}, []string{"page.dat", ".hidden.txt"}},
		{"order of roots", []string{"a/1.txt", "b/1.txt"}, []string{"b", "a"}, []string{"b/1.txt", "a/1.txt"}},
		{"twice", []string{"a/1.txt"}, []string{"a/1.txt", ".", "a", "a/../a"}, []string{"a/1.txt"}},
		{"links", []string{"z/1.txt", "a -> z", "b.txt -> z/1.txt"}, []string{"z", "a", "b.txt"}, []string{"z/1.txt"}},
		{"below a link", []string{"z/1.txt", "a -> z"}, []string{"a"}, []string{"a/1.txt"}},
		{"own name before a link's", []string{"z/1.txt", "a -> z", "b.txt -> z/1.txt"}, []string{"."}, []string{"z/1.txt"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root := tree(t, tt.tree...)
			var roots []string
			for _, r := range tt.roots {
				roots = append(roots, root+"/"+r)
			}
			files, problems := source.Find(context.Background(), roots)
			if len(problems) != 0 {
				t.Errorf("problems %v", problems)
			}
			diff(t, "files", below(root, files), tt.want)
		})
	}
}

func TestFindProblems(t *testing.T) {
	tests := []struct {
		name, root string
		tree       []string
		at         string
		want       error // nil: any
		files      int
	}{
		{"missing root", "none.txt", nil, "none.txt", fs.ErrNotExist, 0},
		{"below a file", "a.txt/b", []string{"a.txt"}, "a.txt/b", nil, 0},
		{"dangling link", ".", []string{"a.txt", "b.txt -> none"}, "b.txt", fs.ErrNotExist, 1},
		{"link to itself", ".", []string{"a.txt", "b -> b"}, "b", source.ErrLoop, 1},
		{"folder in itself", ".", []string{"x/a.txt", "x/y -> .."}, "x/y", source.ErrLoop, 1},
		{"two folders in each other", ".", []string{"x/a.txt", "z/b.txt", "x/l -> ../z", "z/l -> ../x"}, "", nil, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root := tree(t, tt.tree...)
			files, problems := source.Find(context.Background(), []string{filepath.Join(root, tt.root)})
			if len(files) != tt.files {
				t.Errorf("%d files, want %d", len(files), tt.files)
			}
			if tt.at == "" {
				return
			}
			if len(problems) != 1 {
				t.Fatalf("problems %v, want one", problems)
			}
			p := &problems[0]
			if !strings.HasSuffix(p.Path, tt.at) || tt.want != nil && !errors.Is(p, tt.want) {
				t.Errorf("problem %v at %s, want %v at %s", p, p.Path, tt.want, tt.at)
			}
		})
	}
}

func TestFindFolderWithoutPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	root := tree(t, "a.txt", "closed/b.txt")
	closed := filepath.Join(root, "closed")
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(closed, 0o755) })
	files, problems := source.Find(context.Background(), []string{root})
	if len(files) != 1 || len(problems) != 1 || !errors.Is(&problems[0], fs.ErrPermission) {
		t.Errorf("%d files, problems %v; want one of each", len(files), problems)
	}
}

func TestFindStdin(t *testing.T) {
	files, problems := source.Find(context.Background(), []string{"-", "-"})
	if len(problems) != 0 || len(files) != 1 || files[0].Path != source.Stdin {
		t.Errorf("files %v, problems %v", files, problems)
	}
}

func TestFindTellsSizeAndTime(t *testing.T) {
	root := tree(t, "a.txt")
	files, _ := source.Find(context.Background(), []string{root})
	if len(files) != 1 || files[0].Size != int64(len(sample)) || files[0].ModTime.IsZero() {
		t.Errorf("files %+v", files)
	}
}

func TestFindCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	files, problems := source.Find(ctx, []string{tree(t, "a.txt"), tree(t, "b.txt")})
	if len(files) != 0 || len(problems) != 1 || !errors.Is(&problems[0], context.Canceled) {
		t.Errorf("files %v, problems %v", files, problems)
	}
}
