// Checks an exported log with the checksum database of Go: the checkpoint's signature, the tiles against its root, and every entry
// against the tiles.
//
// sumdb FOLDER: exits with 0 when all of it fits.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type files string

func (folder files) Height() int { return height }

func (folder files) SaveTiles([]tlog.Tile, [][]byte) {}

func (folder files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range tiles {
		data, err := folder.read(tile)
		if err != nil {
			return nil, err
		}
		read = append(read, data)
	}
	return read, nil
}

// The paths of C2SP have no height in them, and call the entries by their name.
func (folder files) read(tile tlog.Tile) ([]byte, error) {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	path = strings.Replace(path, "data/", "entries/", 1)
	return os.ReadFile(filepath.Join(string(folder), "tile", path))
}

func main() {
	if err := check(files(os.Args[1])); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func check(folder files) error {
	size, root, err := opened(folder)
	if err != nil {
		return err
	}
	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, folder)
	found, err := tlog.TreeHash(size, reader)
	if err != nil {
		return err
	}
	if found != root {
		return fmt.Errorf("the tiles have the root %v, and not %v", found, root)
	}
	for number := int64(0); number<<height < size; number++ {
		if err := bundle(folder, reader, size, root, number); err != nil {
			return err
		}
	}
	fmt.Printf("sumdb: %d entries, root %x\n", size, root[:])
	return nil
}

// opened reads the checkpoint, once its signature fits the key.
func opened(folder files) (int64, tlog.Hash, error) {
	var root tlog.Hash
	key, err := os.ReadFile(filepath.Join(string(folder), "vkey"))
	if err != nil {
		return 0, root, err
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	if err != nil {
		return 0, root, err
	}
	text, err := os.ReadFile(filepath.Join(string(folder), "checkpoint"))
	if err != nil {
		return 0, root, err
	}
	signed, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return 0, root, err
	}
	lines := strings.Split(signed.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return 0, root, err
	}
	decoded, err := base64.StdEncoding.DecodeString(lines[2])
	copy(root[:], decoded)
	return size, root, err
}

// bundle checks the entries of one bundle: each is proved to be in the tree.
func bundle(folder files, reader tlog.HashReader, size int64, root tlog.Hash, number int64) error {
	width := size - number<<height
	if width > 1<<height {
		width = 1 << height
	}
	data, err := folder.read(tlog.Tile{H: height, L: -1, N: number, W: int(width)})
	if err != nil {
		return err
	}
	for at := number << height; at < number<<height+width; at++ {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return fmt.Errorf("entry %d is cut", at+1)
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		proof, err := tlog.ProveRecord(size, at, reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, size, root, at, tlog.RecordHash(data[2:end])); err != nil {
			return fmt.Errorf("entry %d: %v", at+1, err)
		}
		data = data[end:]
	}
	if len(data) > 0 {
		return fmt.Errorf("bundle %d has more than its entries", number)
	}
	return nil
}
