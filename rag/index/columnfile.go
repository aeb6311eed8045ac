package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// numberColumns are the columns of numbers, in the order in which they are stored.
func (c *columns) numberColumns() []*[]uint32 {
	return []*[]uint32{
		&c.article, &c.nth, &c.places, &c.spokenEnds, &c.placeEnds, &c.yearFrom, &c.yearTo,
		&c.kind, &c.speaker, &c.date, &c.newspaper, &c.byID,
	}
}

// stringColumns are those of strings.
func (c *columns) stringColumns() []*[]string { return []*[]string{&c.ids, &c.articleIDs, &c.names} }

// appendTo appends the columns to b, each with its number of entries before it.
func (c *columns) appendTo(b []byte) []byte {
	for _, column := range c.stringColumns() {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(*column)))
		for _, s := range *column {
			b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
		}
		for _, s := range *column {
			b = append(b, s...)
		}
	}
	for _, column := range c.numberColumns() {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(*column)))
		for _, n := range *column {
			b = binary.LittleEndian.AppendUint32(b, n)
		}
	}
	for _, h := range c.hashes {
		b = binary.LittleEndian.AppendUint64(b, h)
	}
	return b
}

var errCutShort = errors.New("cut short")

// decodeColumns reads what appendTo wrote and makes sure that no number in it
// points beyond what there is.
func decodeColumns(b []byte) (columns, error) {
	var c columns
	var err error
	for _, column := range c.stringColumns() {
		if *column, b, err = decodeStrings(b); err != nil {
			return c, err
		}
	}
	for _, column := range c.numberColumns() {
		if *column, b, err = decodeNumbers(b); err != nil {
			return c, err
		}
	}
	if len(b) != 8*len(c.articleIDs) {
		return c, fmt.Errorf("%d bytes of hashes for %d articles", len(b), len(c.articleIDs))
	}
	c.hashes = make([]uint64, len(c.articleIDs))
	for i := range c.hashes {
		c.hashes[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	return c, c.check()
}

func decodeNumbers(b []byte) (numbers []uint32, rest []byte, err error) {
	if len(b) < 4 {
		return nil, nil, errCutShort
	}
	n := int(binary.LittleEndian.Uint32(b))
	if b = b[4:]; n > len(b)/4 {
		return nil, nil, errCutShort
	}
	numbers = make([]uint32, n)
	for i := range numbers {
		numbers[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return numbers, b[4*n:], nil
}

// decodeStrings gives strings that share one piece of memory.
func decodeStrings(b []byte) (texts []string, rest []byte, err error) {
	sizes, b, err := decodeNumbers(b)
	if err != nil {
		return nil, nil, err
	}
	total := 0
	for _, size := range sizes {
		if total += int(size); total > len(b) {
			return nil, nil, errCutShort
		}
	}
	all := string(b[:total])
	texts = make([]string, len(sizes))
	for i, size := range sizes {
		texts[i], all = all[:size], all[size:]
	}
	return texts, b[total:], nil
}

// check reports the first number that points beyond what there is.
func (c *columns) check() error {
	n, names := len(c.ids), len(c.names)
	for _, column := range []struct {
		numbers []uint32
		bound   int
	}{
		{c.article, len(c.articleIDs)}, {c.nth, math.MaxInt32}, {c.spokenEnds, len(c.places) + 1},
		{c.placeEnds, len(c.places) + 1}, {c.yearFrom, math.MaxInt32}, {c.yearTo, math.MaxInt32},
		{c.kind, names}, {c.speaker, names}, {c.date, math.MaxInt32}, {c.newspaper, names}, {c.byID, n},
	} {
		if len(column.numbers) != n {
			return fmt.Errorf("%d entries for %d passages", len(column.numbers), n)
		}
		if n > 0 && int64(slices.Max(column.numbers)) >= int64(column.bound) {
			return fmt.Errorf("entry %d of %d", slices.Max(column.numbers), column.bound)
		}
	}
	if len(c.places) > 0 && int64(slices.Max(c.places)) >= int64(names) {
		return errors.New("place without a name")
	}
	start := uint32(0)
	for i := range n {
		if c.spokenEnds[i] < start || c.placeEnds[i] < c.spokenEnds[i] {
			return fmt.Errorf("places of passage %d are not in order", i)
		}
		start = c.placeEnds[i]
	}
	if !slices.IsSorted(c.article) || !slices.IsSortedFunc(c.byID, c.compareIDs) {
		return errors.New("passages are not in order")
	}
	return nil
}
