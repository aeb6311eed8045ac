package library

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// errOvertaken says that a writer removed a file between its being looked up and
// its being opened; the directory has to be listed again.
var errOvertaken = errors.New("overtaken by a writer")

// Open opens the last committed state of dir, without waiting for a writer. It
// never writes. Damage that leaves something readable is worked around and
// listed by Damage; the error is a *DamageError when no manifest is sound,
// ErrNoLibrary when there is none, and ErrVersion.
func Open(dir string) (*Library, error) {
	for {
		// Each further round takes a commit in the middle of the one before.
		if l, err := openNewest(dir); !errors.Is(err, errOvertaken) {
			return l, err
		}
	}
}

// Generation is the newest generation in dir by the names of the files there,
// none of which is opened: a cheap way to see that there was a commit. Open gives
// that generation unless its manifest is damaged. The error is ErrNoLibrary or
// what the file system said.
func Generation(dir string) (uint64, error) {
	generations, err := manifests(dir)
	if err != nil {
		return 0, err
	}
	return generations[len(generations)-1], nil
}

// manifests lists the generations in dir in ascending order, one at least.
func manifests(dir string) ([]uint64, error) {
	found, err := list(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(found.manifests) == 0 {
		return nil, fmt.Errorf("open %s: %w", dir, ErrNoLibrary)
	}
	if err != nil {
		return nil, err
	}
	slices.Sort(found.manifests)
	return found.manifests, nil
}

func openNewest(dir string) (*Library, error) {
	generations, err := manifests(dir)
	if err != nil {
		return nil, err
	}
	var damage []*DamageError
	for _, generation := range slices.Backward(generations) {
		m, err := readManifest(dir, generation)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, errOvertaken
		}
		if bad, ok := errors.AsType[*DamageError](err); ok {
			damage = append(damage, bad)
			continue
		}
		if err != nil {
			return nil, err
		}
		l := &Library{dir: dir, manifest: m, damage: damage}
		if err := l.openSegments(generations[len(generations)-1]); err != nil {
			return nil, errors.Join(err, l.Close())
		}
		l.index()
		return l, nil
	}
	return nil, damage[0]
}

func readManifest(dir string, generation uint64) (*manifest, error) {
	path := filepath.Join(dir, manifestName(generation))
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	m, err := decodeManifest(b)
	if errors.Is(err, ErrVersion) {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err == nil && m.generation != generation {
		err = fmt.Errorf("it says generation %d", m.generation)
	}
	if err != nil {
		return nil, &DamageError{Path: path, Reason: err.Error()}
	}
	return m, nil
}

// openSegments opens the segments and notes those that are not whole. newest is
// the newest generation listed: when there is a newer one by now, a missing
// segment was removed and not lost.
func (l *Library) openSegments(newest uint64) error {
	l.files = make(map[uint64]segmentFile, len(l.manifest.segments))
	hurt := make(map[uint64]*DamageError)
	for _, s := range l.manifest.segments {
		path := filepath.Join(l.dir, segmentName(s.number))
		f, err := openSegment(path)
		if errors.Is(err, fs.ErrNotExist) {
			if overtaken(l.dir, newest) {
				return errOvertaken
			}
			hurt[s.number] = &DamageError{Path: path, Reason: "it is missing"}
			continue
		}
		if err != nil {
			return fmt.Errorf("open segment: %w", err)
		}
		l.files[s.number] = f
		if f.size < s.size {
			hurt[s.number] = &DamageError{Path: path, Reason: fmt.Sprintf("it has %d of %d bytes", f.size, s.size)}
		}
	}
	if len(hurt) > 0 {
		l.findBroken(hurt)
	}
	return nil
}

func openSegment(path string) (segmentFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return segmentFile{}, err
	}
	info, err := f.Stat()
	if err != nil {
		return segmentFile{}, errors.Join(err, f.Close())
	}
	return segmentFile{f, info.Size()}, nil
}

func overtaken(dir string, newest uint64) bool {
	found, err := list(dir)
	return err == nil && slices.ContainsFunc(found.manifests, func(g uint64) bool { return g > newest })
}

// findBroken finds the batches that lost a record with the hurt segments, and
// lists those segments as damage. One that has lost only what is dead is none:
// the next merge drops it.
func (l *Library) findBroken(hurt map[uint64]*DamageError) {
	l.broken = make(map[string]bool)
	lost := make(map[uint64]bool)
	for _, t := range l.manifest.batches {
		for _, r := range t.records {
			if r.end() > l.files[r.segment].size {
				l.broken[t.key] = true
				lost[r.segment] = true
			}
		}
	}
	for _, s := range l.manifest.segments {
		if lost[s.number] {
			l.damage = append(l.damage, hurt[s.number])
		}
	}
}
