/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * damage FILE DIR: writes copies of an ELF file of this word size to the directory, in each of
 * which one number is another: of its header, its program headers, its dynamic section, its
 * section headers, or the beginning of what these lead to. A copy's name says which: PART-N-VALUE.
 */
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint32_t values[] = { 0, 1, 0xffffffff };

static const char *dir;
static char *file;
static size_t size;

static void write_copy(const char *part, size_t n, size_t value)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof path, "%s/%s-%zu-%zu", dir, part, n, value);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
	if (fd < 0 || write(fd, file, size) != (ssize_t)size)
		exit(2);
	close(fd);
}

/* Each word of LEN bytes at AT. */
static void damage(const char *part, size_t at, size_t len)
{
	for (size_t n = 0; n < len / 4 && at + 4 * n + 4 <= size; n++)
		for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
			char *word = file + at + 4 * n;
			uint32_t before;

			memcpy(&before, word, sizeof before);
			if (before == values[v])
				continue;
			memcpy(word, &values[v], sizeof *values);
			write_copy(part, n, v);
			memcpy(word, &before, sizeof before);
		}
}

/* Where ADDRESS is in the file; its end where it is not. */
static size_t place_of(uintptr_t address)
{
	const ElfW(Ehdr) *header = (const void *)file;
	const ElfW(Phdr) *part = (const void *)(file + header->e_phoff);

	for (size_t i = 0; i < header->e_phnum; i++)
		if (part[i].p_type == PT_LOAD && address >= part[i].p_vaddr &&
		    address - part[i].p_vaddr < part[i].p_filesz)
			return part[i].p_offset + (address - part[i].p_vaddr);
	return size;
}

/* The beginnings of what the dynamic section leads to. */
static void damage_led(const ElfW(Dyn) * entry)
{
	static const struct {
		const char *name;
		ElfW(Sxword) tag;
		size_t len;
	} led[] = {
		{ "hash", DT_HASH, 16 },      { "gnu-hash", DT_GNU_HASH, 24 },
		{ "symbols", DT_SYMTAB, 96 }, { "versions", DT_VERSYM, 8 },
		{ "needs", DT_VERNEED, 64 },  { "relocations", DT_JMPREL, 48 },
		{ "strings", DT_STRTAB, 16 },
	};

	for (; entry->d_tag != DT_NULL; entry++)
		for (size_t i = 0; i < sizeof led / sizeof *led; i++)
			if (entry->d_tag == led[i].tag)
				damage(led[i].name, place_of(entry->d_un.d_ptr),
				       led[i].len);
}

int main(int argc, char **argv)
{
	int fd = argc == 3 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	const ElfW(Ehdr) * header;
	const ElfW(Phdr) * part;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return 2;
	size = (size_t)st.st_size;
	dir = argv[2];
	file = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (file == MAP_FAILED)
		return 2;
	header = (const void *)file;
	part = (const void *)(file + header->e_phoff);
	damage("header", 0, sizeof *header);
	damage("segments", header->e_phoff, header->e_phnum * sizeof *part);
	for (size_t i = 0; i < header->e_phnum; i++) {
		if (part[i].p_type == PT_DYNAMIC) {
			damage("dynamic", part[i].p_offset, part[i].p_filesz);
			damage_led((const void *)(file + part[i].p_offset));
		}
		if (part[i].p_type == PT_NOTE)
			damage("notes", part[i].p_offset, 32);
		if (part[i].p_type == PT_INTERP)
			damage("interpreter", part[i].p_offset, part[i].p_filesz);
	}
	return 0;
}
