package train

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrCheckpoint says that a checkpoint belongs to another training or is damaged.
var ErrCheckpoint = errors.New("not a checkpoint of this training")

// A checkpoint is a mark of the training that it belongs to, the number of steps
// done, what the model has learned, and a checksum (FNV-1a) of all that.

// mark stands for everything that the steps of a training depend on.
func (r *run) mark() uint64 {
	h := fnv.New64a()
	o := &r.opt
	_, _ = fmt.Fprintln(h, o.Seed, o.Steps, o.Batch, o.Words, o.Shared, o.Dim, o.Rate, o.WeightRate, o.Temperature,
		r.text, r.model.vocabulary.Rows(), colloquialTable) // a hash never fails
	return h.Sum64()
}

// numbers is all that a checkpoint holds behind its header, in order.
func (m *model) numbers() []any {
	return []any{
		m.moves,
		m.values.x, m.values.mean, m.values.square,
		m.weights.x, m.weights.mean, m.weights.square,
	}
}

// keep writes a checkpoint, where one is asked for.
func (r *run) keep(step int) (err error) {
	if r.opt.Checkpoint == "" {
		return nil
	}
	f, err := os.CreateTemp(filepath.Dir(r.opt.Checkpoint), filepath.Base(r.opt.Checkpoint)+".*")
	if err != nil {
		return fmt.Errorf("keep checkpoint: %w", err)
	}
	err = r.write(f, step)
	err = cmp.Or(err, f.Sync())
	err = cmp.Or(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), r.opt.Checkpoint)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the first error is the one to tell
		return fmt.Errorf("keep checkpoint: %w", err)
	}
	return nil
}

func (r *run) write(w io.Writer, step int) error {
	sum := fnv.New64a()
	out := bufio.NewWriterSize(io.MultiWriter(w, sum), 1<<20)
	all := append([]any{r.mark(), uint64(step)}, r.model.numbers()...)
	for _, x := range all {
		if err := binary.Write(out, binary.LittleEndian, x); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return binary.Write(w, binary.LittleEndian, sum.Sum64())
}

// resume reads the checkpoint, where there is one, and gives the steps done.
func (r *run) resume() (step int, err error) {
	if r.opt.Checkpoint == "" {
		return 0, nil
	}
	f, err := os.Open(r.opt.Checkpoint)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("resume: %w", err)
	}
	defer func() { err = cmp.Or(err, f.Close()) }()
	if step, err = r.read(f); err != nil {
		return 0, fmt.Errorf("resume from %s: %w: %w", r.opt.Checkpoint, ErrCheckpoint, err)
	}
	return step, nil
}

func (r *run) read(f io.Reader) (step int, err error) {
	in := bufio.NewReaderSize(f, 1<<20)
	sum := fnv.New64a()
	tee := io.TeeReader(in, sum)
	var head [2]uint64
	if err := binary.Read(tee, binary.LittleEndian, &head); err != nil {
		return 0, err
	}
	if head[0] != r.mark() || head[1] > uint64(r.opt.Steps) {
		return 0, errors.New("other text or options")
	}
	for _, x := range r.model.numbers() {
		if err := binary.Read(tee, binary.LittleEndian, x); err != nil {
			return 0, err
		}
	}
	var want uint64
	if err := binary.Read(in, binary.LittleEndian, &want); err != nil {
		return 0, err
	}
	if want != sum.Sum64() {
		return 0, errors.New("checksum differs")
	}
	return int(head[1]), nil
}
