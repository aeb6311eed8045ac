package index

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/gofrs/flock"
)

// A log of vectors is a file of its own for each embedder, named by a hash of the
// embedder's name and dimension. It is, numbers being little endian:
//
//	magic (8 bytes), dimension (4 bytes), length of the name (4 bytes), the name,
//	CRC-32C of all that
//	records of one size: hash of the text (16 bytes), the vector as float32
//	values, CRC-32C
//
// A record's checksum goes on from the header's, so that a record is sound in the
// log of its own embedder alone. Vectors stand as the embedder gave them, four
// times the size of a snapshot's rows: they cost time or money to get, and another
// way to make rows of them must not cost it again.
const (
	logMagic   = "wbvect1\n"
	logPrefix  = "vectors-"
	logSuffix  = ".wbv"
	lockSuffix = ".lock"
)

// logMode lets only the owner read a log, as os.CreateTemp does a snapshot.
const logMode fs.FileMode = 0o600

// logBuffer is how much of a log is read or written at a time.
const logBuffer = 1 << 20

var (
	errLogHeld    = errors.New("another process writes to it")
	errLogForeign = errors.New("it is not this embedder's")
)

// textKey stands for a text that was embedded. Half a SHA-256 is enough to tell
// texts apart that nobody chose to be alike.
type textKey [16]byte

func keyOf(text string) textKey {
	sum := sha256.Sum256([]byte(text))
	return textKey(sum[:len(textKey{})])
}

// vectorLog keeps the vectors that an embedder gave, by the text. One process
// appends to it at a time, the others only read. Its methods, safe on a nil
// *vectorLog, which is empty and keeps nothing, are not safe for concurrent use.
type vectorLog struct {
	path   string
	dim    int
	header []byte
	lock   *flock.Flock
	file   *os.File // nil when there is none
	// readOnly is why nothing is appended, nil as long as everything is.
	readOnly error
	at       map[textKey]int64 // where the record of a text begins
	end      int64             // of the last sound record
	buffer   []byte            // of one record
}

// openVectorLog opens the embedder's log in dir, and makes one where there is
// none. A torn tail is cut off. A log that cannot be written to is read all the
// same, and close says why.
func openVectorLog(dir string, e Embedder) (*vectorLog, error) {
	l := newVectorLog(dir, e.Name(), e.Dim())
	locked, err := l.lock.TryLock()
	switch {
	case err != nil:
		l.readOnly = err
	case !locked:
		l.readOnly = errLogHeld
	}
	if err := l.open(); err != nil {
		l.readOnly = nil // one reason is enough
		return nil, errors.Join(l.notKept(err), l.close())
	}
	return l, nil
}

func newVectorLog(dir, name string, dim int) *vectorLog {
	header := binary.LittleEndian.AppendUint32([]byte(logMagic), uint32(dim))
	header = binary.LittleEndian.AppendUint32(header, uint32(len(name)))
	header = append(header, name...)
	sum := sha256.Sum256(header)
	path := filepath.Join(dir, logPrefix+hex.EncodeToString(sum[:len(textKey{})])+logSuffix)
	header = binary.LittleEndian.AppendUint32(header, checksum(header))
	return &vectorLog{
		path: path, dim: dim, header: header, lock: flock.New(path + lockSuffix),
		at: map[textKey]int64{}, end: int64(len(header)),
		buffer: make([]byte, len(textKey{})+4*dim+checksumBytes),
	}
}

func (l *vectorLog) open() error {
	flags := os.O_RDWR | os.O_CREATE
	if l.readOnly != nil {
		flags = os.O_RDONLY
	}
	f, err := os.OpenFile(l.path, flags, logMode)
	if l.readOnly != nil && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	l.file = f
	if err := l.scan(); err != nil {
		return err
	}
	return l.mend()
}

// scan finds the sound records. One that is not may have sound ones behind it.
func (l *vectorLog) scan() error {
	if _, err := l.file.Seek(l.end, io.SeekStart); err != nil {
		return err
	}
	r := bufio.NewReaderSize(l.file, logBuffer)
	for at := l.end; ; {
		_, err := io.ReadFull(r, l.buffer)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
		next := at + int64(len(l.buffer))
		if key, sound := l.key(l.buffer); sound {
			l.at[key], l.end = at, next
		}
		at = next
	}
}

// mend writes the header of a new log, or a damaged one's anew, and cuts off what
// stands behind the last sound record, as a write that was cut short leaves it.
func (l *vectorLog) mend() error {
	start := make([]byte, len(l.header))
	n, err := l.file.ReadAt(start, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	info, err := l.file.Stat()
	if err != nil {
		return err
	}
	ours := bytes.Equal(start[:n], l.header)
	if !ours && len(l.at) == 0 && info.Size() > int64(len(l.header)) {
		return errLogForeign
	}
	if l.readOnly != nil || ours && info.Size() == l.end {
		return nil
	}
	if _, err := l.file.WriteAt(l.header, 0); err != nil {
		return err
	}
	if err := l.file.Truncate(l.end); err != nil {
		return err
	}
	return errors.Join(l.file.Sync(), syncDir(filepath.Dir(l.path)))
}

// key gives the key of a record, and whether the record is sound.
func (l *vectorLog) key(record []byte) (key textKey, sound bool) {
	body := len(record) - checksumBytes
	return textKey(record), l.checksum(record[:body]) == binary.LittleEndian.Uint32(record[body:])
}

func (l *vectorLog) checksum(body []byte) uint32 {
	ofHeader := binary.LittleEndian.Uint32(l.header[len(l.header)-checksumBytes:])
	return crc32.Update(ofHeader, crc32.MakeTable(crc32.Castagnoli), body)
}

// read puts the vector of a text into row, which has dim values, and reports
// whether there is one.
func (l *vectorLog) read(text string, row []float32) bool {
	if l == nil {
		return false
	}
	key := keyOf(text)
	at, ok := l.at[key]
	if !ok {
		return false
	}
	if _, err := l.file.ReadAt(l.buffer, at); err != nil {
		return false
	}
	// The file may have changed since it was scanned.
	if got, sound := l.key(l.buffer); !sound || got != key {
		return false
	}
	values := l.buffer[len(key):]
	for i := range row {
		row[i] = math.Float32frombits(binary.LittleEndian.Uint32(values[4*i:]))
	}
	return true
}

// append keeps the vectors of texts, and has them on the disk when it returns. After
// a failure nothing more is appended.
func (l *vectorLog) append(texts []string, vectors [][]float32) {
	if l == nil || l.readOnly != nil {
		return
	}
	var b []byte
	keys := make([]textKey, len(texts))
	for i, text := range texts {
		keys[i] = keyOf(text)
		start := len(b)
		b = append(b, keys[i][:]...)
		for _, x := range vectors[i] {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
		b = binary.LittleEndian.AppendUint32(b, l.checksum(b[start:]))
	}
	_, err := l.file.WriteAt(b, l.end)
	if err == nil {
		err = l.file.Sync()
	}
	if err != nil {
		l.readOnly = err
		return
	}
	for _, key := range keys {
		l.at[key] = l.end
		l.end += int64(len(l.buffer))
	}
}

// compact drops the vectors of all other texts than the live ones when they are
// more than half of the log. The log can only be closed then.
func (l *vectorLog) compact(live map[textKey]bool) error {
	if l == nil || l.readOnly != nil {
		return nil
	}
	var kept []int64
	for key, at := range l.at {
		if live[key] {
			kept = append(kept, at)
		}
	}
	records := (l.end - int64(len(l.header))) / int64(len(l.buffer))
	if 2*int64(len(kept)) >= records {
		return nil
	}
	slices.Sort(kept)
	err := replaceFile(l.path, func(w io.Writer) error { return l.copyTo(w, kept) })
	if err != nil {
		return fmt.Errorf("compact vectors: %w", err)
	}
	return nil
}

// copyTo writes the header and the records that begin at the places given.
func (l *vectorLog) copyTo(to io.Writer, records []int64) error {
	w := bufio.NewWriterSize(to, logBuffer)
	if _, err := w.Write(l.header); err != nil {
		return err
	}
	for _, at := range records {
		if _, err := l.file.ReadAt(l.buffer, at); err != nil {
			return err
		}
		if _, err := w.Write(l.buffer); err != nil {
			return err
		}
	}
	return w.Flush()
}

func (l *vectorLog) notKept(reason error) error {
	return fmt.Errorf("%w in %s: %w", ErrNotKept, l.path, reason)
}

// close gives the lock back. The error says why vectors were not kept. A second
// call does nothing.
func (l *vectorLog) close() error {
	if l == nil {
		return nil
	}
	err := l.lock.Unlock()
	if l.file != nil {
		err = errors.Join(err, l.file.Close())
		l.file = nil
	}
	if l.readOnly != nil {
		err = errors.Join(l.notKept(l.readOnly), err)
		l.readOnly = nil
	}
	return err
}
