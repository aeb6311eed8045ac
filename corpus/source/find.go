package source

import (
	"cmp"
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Stdin is the path that stands for standard input.
const Stdin = "-"

// File is a file to read.
type File struct {
	// Path has forward slashes: the root as it was given, joined with what was
	// found below it. It is Stdin for standard input.
	Path    string
	Size    int64 // bytes on disk
	ModTime time.Time
}

// Find lists the files that roots stand for: a file stands for itself, a folder
// for all files below it that have a known extension, Stdin for itself. Files come in the
// order of the roots and by path below each. Links are followed; a file or
// folder that is reached twice counts once, and a folder inside itself is an
// ErrLoop. Hidden files and folders are skipped unless they are roots.
//
// What cannot be read becomes a problem and the rest goes on. A cancelled
// context ends the list early, with its error as the last problem.
func Find(ctx context.Context, roots []string) (files []File, problems []Problem) {
	w := walk{seen: map[string]bool{}, open: map[string]bool{}}
	for _, root := range roots {
		start := len(w.files)
		w.root(ctx, root)
		slices.SortFunc(w.files[start:], func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
		if err := ctx.Err(); err != nil {
			w.report(root, err)
			break
		}
	}
	return w.files, w.problems
}

// walk is one run of Find.
type walk struct {
	files    []File
	problems []Problem
	seen     map[string]bool // what was visited, by path without links
	open     map[string]bool // the folders being listed, from the root down
}

func (w *walk) report(shown string, err error) {
	w.problems = append(w.problems, Problem{Path: shown, Err: withoutPath(err)})
}

func (w *walk) root(ctx context.Context, root string) {
	if root == Stdin {
		if !w.seen[Stdin] {
			w.seen[Stdin] = true
			w.files = append(w.files, File{Path: Stdin})
		}
		return
	}
	info, err := os.Stat(root)
	if err != nil {
		w.report(filepath.ToSlash(root), err)
		return
	}
	shown := path.Clean(filepath.ToSlash(root))
	if cleaned, err := os.Stat(filepath.FromSlash(shown)); err != nil || !os.SameFile(info, cleaned) {
		shown = filepath.ToSlash(realPath(root)) // ".." after a link is not what stands before it
	}
	if shown == Stdin {
		shown = "./" + shown // a file of that name
	}
	w.visit(ctx, entry{shown: shown, real: realPath(shown), info: info, named: true})
}

// entry is a file or folder on the way.
type entry struct {
	shown string // as in File.Path
	real  string // absolute and without links
	info  fs.FileInfo
	named bool // given as a root
}

func (w *walk) visit(ctx context.Context, e entry) {
	if e.info.IsDir() {
		w.folder(ctx, e)
		return
	}
	if !e.named && (!e.info.Mode().IsRegular() || formatOf(e.shown) == unknown) {
		return
	}
	if w.seen[e.real] {
		return
	}
	w.seen[e.real] = true
	w.files = append(w.files, File{Path: e.shown, Size: e.info.Size(), ModTime: e.info.ModTime()})
}

// folder lists links last, so that what is in the folder itself is found under
// its own name rather than under a link's.
func (w *walk) folder(ctx context.Context, e entry) {
	if w.open[e.real] {
		w.report(e.shown, ErrLoop)
		return
	}
	if w.seen[e.real] {
		return
	}
	w.seen[e.real], w.open[e.real] = true, true
	defer delete(w.open, e.real)

	list, err := os.ReadDir(filepath.FromSlash(e.shown))
	if err != nil {
		w.report(e.shown, err)
	}
	isLink := func(d fs.DirEntry) bool { return d.Type()&fs.ModeSymlink != 0 }
	var links []fs.DirEntry
	for _, d := range list {
		if isLink(d) {
			links = append(links, d)
		}
	}
	for _, d := range append(slices.DeleteFunc(list, isLink), links...) {
		if ctx.Err() != nil {
			return
		}
		w.child(ctx, e, d)
	}
}

func (w *walk) child(ctx context.Context, folder entry, d fs.DirEntry) {
	name := d.Name()
	if strings.HasPrefix(name, ".") {
		return
	}
	shown := path.Join(folder.shown, name)
	info, err := os.Stat(filepath.FromSlash(shown))
	if err != nil {
		w.report(shown, err)
		return
	}
	real := filepath.Join(folder.real, name)
	if d.Type()&fs.ModeSymlink != 0 {
		real = realPath(shown)
	}
	w.visit(ctx, entry{shown: shown, real: real, info: info})
}

// realPath is the absolute path with links resolved. What has no such path (a
// pipe below /dev/fd) is known by its own.
func realPath(p string) string {
	native := filepath.FromSlash(p)
	if resolved, err := filepath.EvalSymlinks(native); err == nil {
		native = resolved
	}
	if abs, err := filepath.Abs(native); err == nil {
		return abs
	}
	return native
}
