/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bytes of an ELF file; see elf_file.h. */
#include "elf_file.h"

#include <string.h>

/* How often over a file is read, all in all, and how much of it. */
enum { TIMES = 3, MOST = 1 << 30 };

bool elf_file_open(struct elf_file *image, int fd, uint64_t file_size, const char **wrong)
{
	size_t n = 0;

	memset(image, 0, sizeof *image);
	image->file_size = file_size;
	image->budget = file_size > MOST / TIMES ? MOST : file_size * TIMES;
	if (elf_version(EV_CURRENT) == EV_NONE ||
	    !(image->elf = elf_begin(fd, ELF_C_READ, NULL))) {
		*wrong = "cannot be read as an ELF file";
		return false;
	}
	if (elf_kind(image->elf) != ELF_K_ELF ||
	    !gelf_getehdr(image->elf, &image->header)) {
		*wrong = "its ELF header is damaged";
		elf_file_close(image);
		return false;
	}
	if (elf_getphdrnum(image->elf, &n) != 0 || n > ELF_FILE_SEGMENTS) {
		*wrong = "its program headers are damaged";
		elf_file_close(image);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (!gelf_getphdr(image->elf, (int)i, &image->segment[i])) {
			*wrong = "its program headers are damaged";
			elf_file_close(image);
			return false;
		}
		image->n_segments++;
	}
	return true;
}

void elf_file_close(struct elf_file *image)
{
	elf_end(image->elf);
	image->elf = NULL;
}

const GElf_Phdr *elf_file_segment(const struct elf_file *image, uint32_t type)
{
	for (size_t i = 0; i < image->n_segments; i++)
		if (image->segment[i].p_type == type)
			return &image->segment[i];
	return NULL;
}

Elf_Data *elf_file_data(struct elf_file *image, uint64_t offset, uint64_t size,
			Elf_Type type)
{
	if (!size || offset > image->file_size || size > image->file_size - offset ||
	    size > image->budget)
		return NULL;
	image->budget -= size;
	return elf_getdata_rawchunk(image->elf, (int64_t)offset, size, type);
}

const uint8_t *elf_file_bytes(struct elf_file *image, uint64_t offset, uint64_t *size)
{
	Elf_Data *data;

	if (offset > image->file_size)
		return NULL;
	if (*size > image->file_size - offset)
		*size = image->file_size - offset;
	data = elf_file_data(image, offset, *size, ELF_T_BYTE);
	return data ? data->d_buf : NULL;
}

bool elf_file_offset(const struct elf_file *image, uint64_t address, uint64_t *offset,
		     uint64_t *left)
{
	for (size_t i = 0; i < image->n_segments; i++) {
		const GElf_Phdr *s = &image->segment[i];

		if (s->p_type != PT_LOAD || address < s->p_vaddr ||
		    address - s->p_vaddr >= s->p_filesz || s->p_offset > image->file_size)
			continue;
		*offset = s->p_offset + (address - s->p_vaddr);
		*left = s->p_filesz - (address - s->p_vaddr);
		return *offset >= s->p_offset;
	}
	return false;
}

const uint8_t *elf_file_memory(struct elf_file *image, uint64_t address, uint64_t *size)
{
	uint64_t offset, left;

	if (!elf_file_offset(image, address, &offset, &left))
		return NULL;
	if (*size > left)
		*size = left;
	return elf_file_bytes(image, offset, size);
}

uint64_t elf_file_number(const struct elf_file *image, const uint8_t *at, size_t size)
{
	bool big = image->header.e_ident[EI_DATA] == ELFDATA2MSB;
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value = value << 8 | at[big ? i : size - 1 - i];
	return value;
}
