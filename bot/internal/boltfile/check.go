package boltfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// checkFile checks the file at path, which nobody writes meanwhile.
func checkFile(path string, format Format) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		err = Check(f, info.Size(), format)
	}
	return errors.Join(err, f.Close())
}

// Check reads a whole file of size bytes and says whether it is one that Open
// wrote: ErrDamaged, ErrNewer, or the error of the reader.
//
// It finds every change to what is kept, with one exception: where only the newer
// meta is damaged, the file is as before the last transaction, which is also what
// a crash in the midst of one leaves.
func Check(r io.ReaderAt, size int64, format Format) error {
	c := &checker{r: r, size: size}
	if err := c.metas(); err != nil {
		return err
	}
	buckets, err := c.buckets()
	if err != nil {
		return err
	}
	if err := c.freelist(); err != nil {
		return err
	}
	if err := checkStamp(c.stamp, format); err != nil {
		return err
	}
	want := append([]string{formatBucket}, format.Buckets...)
	slices.Sort(want)
	if !slices.Equal(buckets, want) {
		return fmt.Errorf("%w: it has the buckets %q", ErrDamaged, buckets)
	}
	return nil
}

// checker goes through a file once.
type checker struct {
	r    io.ReaderAt
	size int64
	meta meta
	// met are the pages that were met, by number: used or free. Each is met once.
	met   []bool
	stamp []byte
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrDamaged, fmt.Errorf(format, args...))
}

// metas finds the meta that holds, as bbolt does.
func (c *checker) metas() error {
	holds, err := c.metaAt(0)
	if err != nil {
		return err
	}
	size, last := int64(minPageSize), int64(maxPageSize)
	if holds != nil {
		size, last = int64(holds.pageSize), int64(holds.pageSize)
	}
	for ; size <= last; size *= 2 {
		second, err := c.metaAt(size)
		if err != nil {
			return err
		}
		if second != nil && int64(second.pageSize) != size {
			return damaged("a page of %d bytes says %d", size, second.pageSize)
		}
		if second != nil {
			if holds == nil || second.tx > holds.tx {
				holds = second
			}
			break
		}
	}
	if holds == nil {
		return damaged("it has no beginning")
	}
	c.meta = *holds
	if whole := c.size / int64(c.meta.pageSize); c.meta.pages > uint64(whole) {
		return damaged("it has %d of %d pages", whole, c.meta.pages)
	}
	c.met = make([]bool, c.meta.pages)
	return nil
}

// metaAt gives the meta of a page that begins there, nil where there is none.
func (c *checker) metaAt(at int64) (*meta, error) {
	b := make([]byte, headerSize+metaSize)
	if at+int64(len(b)) > c.size {
		return nil, nil
	}
	if _, err := c.r.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	m, ok := readMeta(b)
	if !ok {
		return nil, nil
	}
	if size := m.pageSize; size < minPageSize || size > maxPageSize || size&(size-1) != 0 {
		return nil, damaged("its pages have %d bytes", size)
	}
	return &m, nil
}

// page reads a page that was not met before.
func (c *checker) page(id uint64) (page, error) {
	if err := c.meet(id); err != nil {
		return page{}, err
	}
	size := int64(c.meta.pageSize)
	data := make([]byte, size)
	if _, err := c.r.ReadAt(data, int64(id)*size); err != nil {
		return page{}, err
	}
	p := readHeader(data)
	if p.id != id || uint64(p.overflow) >= c.meta.pages-id {
		return page{}, damaged("page %d calls itself %d, with %d more", id, p.id, p.overflow)
	}
	for i := range uint64(p.overflow) {
		if err := c.meet(id + 1 + i); err != nil {
			return page{}, err
		}
	}
	if p.overflow > 0 {
		p.data = make([]byte, size*(1+int64(p.overflow)))
		if _, err := c.r.ReadAt(p.data, int64(id)*size); err != nil {
			return page{}, err
		}
	}
	return p, nil
}

func (c *checker) meet(id uint64) error {
	if id < firstPage || id >= c.meta.pages {
		return damaged("there is no page %d", id)
	}
	if c.met[id] {
		return damaged("page %d is used twice", id)
	}
	c.met[id] = true
	return nil
}

// buckets checks all buckets and gives their names in order.
func (c *checker) buckets() ([]string, error) {
	var names []string
	err := c.tree(c.meta.root, keyRange{}, func(e element) error {
		names = append(names, string(e.key))
		if !e.bucket || len(e.value) < bucketSize {
			return damaged("key %q is no bucket", e.key)
		}
		return c.bucket(string(e.key), e.value)
	})
	return names, err
}

// bucket checks a bucket by its value: a small one lies within it as a page of its own.
func (c *checker) bucket(name string, value []byte) error {
	check := func(e element) error {
		if e.bucket {
			return damaged("key %q of %s is a bucket", e.key, name)
		}
		value, err := unseal(name, e.key, e.value)
		if name == formatBucket && string(e.key) == formatKey {
			c.stamp = value
		}
		return err
	}
	root, number := order.Uint64(value), order.Uint64(value[8:])
	if number != 0 {
		return damaged("bucket %s has the number %d", name, number)
	}
	if root != 0 {
		return c.tree(root, keyRange{}, check)
	}
	inline := value[bucketSize:]
	if len(inline) < headerSize {
		return damaged("bucket %s has no page", name)
	}
	p := readHeader(inline)
	if p.id != 0 || p.flags != leafFlag || p.overflow != 0 {
		return damaged("bucket %s has a page %d with the flags %x", name, p.id, p.flags)
	}
	return c.leaf(p, keyRange{}, check)
}

// keyRange is where the keys of a page have to lie: from from on, and before to.
// nil is no bound.
type keyRange struct{ from, to []byte }

// tree checks the pages below and calls visit for the keys of the leaves, in order.
func (c *checker) tree(id uint64, within keyRange, visit func(element) error) error {
	p, err := c.page(id)
	if err != nil {
		return err
	}
	if p.flags == leafFlag {
		if p.count == 0 && within.from != nil {
			return damaged("page %d is empty", id)
		}
		return c.leaf(p, within, visit)
	}
	if p.flags != branchFlag || p.count == 0 {
		return damaged("page %d has the flags %x and %d keys", id, p.flags, p.count)
	}
	elements, err := sorted(p, within)
	if err != nil {
		return err
	}
	for i, e := range elements {
		below := keyRange{e.key, within.to}
		if i+1 < len(elements) {
			below.to = elements[i+1].key
		}
		if err := c.tree(e.child, below, visit); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) leaf(p page, within keyRange, visit func(element) error) error {
	elements, err := sorted(p, within)
	if err != nil {
		return err
	}
	for _, e := range elements {
		if err := visit(e); err != nil {
			return err
		}
	}
	return nil
}

// sorted gives the elements of a page, whose keys ascend and lie in the range.
func sorted(p page, within keyRange) ([]element, error) {
	elements, err := p.elements()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	for i, e := range elements {
		if bytes.Compare(e.key, within.from) < 0 || within.to != nil && bytes.Compare(e.key, within.to) >= 0 ||
			i > 0 && bytes.Compare(elements[i-1].key, e.key) >= 0 {
			return nil, damaged("page %d: key %d is out of order", p.id, i)
		}
	}
	return elements, nil
}

// freelist checks that every page is either used or free. It has to come last.
func (c *checker) freelist() error {
	p, err := c.page(c.meta.freelist)
	if err != nil {
		return err
	}
	if p.flags != freelistFlag {
		return damaged("page %d is no list of free pages", p.id)
	}
	free, err := p.free()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	for _, id := range free {
		if err := c.meet(id); err != nil {
			return err
		}
	}
	if lost := slices.Index(c.met[min(firstPage, len(c.met)):], false); lost >= 0 {
		return damaged("page %d is neither used nor free", lost+firstPage)
	}
	return nil
}
