package library

import (
	"bufio"
	"fmt"
	"path/filepath"
)

// writeBuffer makes one system call of some thirty records.
const writeBuffer = 256 << 10

// segmentWriter writes a segment under its temporary name.
type segmentWriter struct {
	fs     fileSystem
	dir    string
	number uint64
	file   file
	buf    *bufio.Writer
	size   int64
}

func createSegment(fsys fileSystem, dir string, number uint64) (*segmentWriter, error) {
	f, err := fsys.Create(filepath.Join(dir, segmentName(number)+tempSuffix))
	if err != nil {
		return nil, fmt.Errorf("create segment: %w", err)
	}
	buf := bufio.NewWriterSize(f, writeBuffer)
	return &segmentWriter{fs: fsys, dir: dir, number: number, file: f, buf: buf}, nil
}

func (s *segmentWriter) write(b []byte) error {
	n, err := s.buf.Write(b)
	s.size += int64(n)
	if err != nil {
		return fmt.Errorf("write segment: %w", err)
	}
	return nil
}

// publish makes the segment durable under its name. The writer is done with then.
func (s *segmentWriter) publish() error {
	return publish(s.fs, s.dir, segmentName(s.number), s.file, s.buf.Flush())
}

// discard closes and removes the temporary file. When it cannot be removed the
// next writer does it.
func (s *segmentWriter) discard() error {
	err := s.file.Close()
	_ = s.fs.Remove(filepath.Join(s.dir, segmentName(s.number)+tempSuffix))
	return err
}
