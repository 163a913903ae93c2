/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Starts a program of ours without a libc: one that each session needs, or that each start of
 * a program needs which no library covers, and that hardly does anything. A libc's start is
 * most of what it would cost: it loads and relocates what is never used, and asks the
 * processor some forty times what it can do (cpuid), which in a virtual machine the
 * hypervisor answers, in microseconds each.
 *
 * The program is a static-pie: it moves its own addresses to where the kernel has put it.
 */
#define _GNU_SOURCE
#include "core/libc.h"
#include "core/raw.h"

#include <elf.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#if !defined __x86_64__ || !defined __LP64__
#error "this machine's programs start with a libc"
#endif

extern int main(int argc, char **argv);

char **__environ;
extern char **environ __attribute__((alias("__environ")));
#ifdef __GLIBC__
extern const void *__libc_stack_end;
const void *__libc_stack_end;
#endif

void small_start(const unsigned long *stack, const Elf64_Dyn *dynamic, char *base);

/*
 * The kernel enters here, with the arguments on the stack. What the linker has made is named
 * here alone: a compiler would take it for the object that it was declared as, in which
 * nothing else can lie.
 */
__asm__(".text\n"
	".globl _start\n"
	".hidden _start\n"
	".type _start, @function\n"
	".hidden _DYNAMIC\n"
	".hidden __ehdr_start\n"
	"_start:\n\t"
	"endbr64\n\t"
	"xor %ebp, %ebp\n\t"
	"mov %rsp, %rdi\n\t"
	"lea _DYNAMIC(%rip), %rsi\n\t"
	"lea __ehdr_start(%rip), %rdx\n\t"
	"and $-16, %rsp\n\t"
	"call small_start\n\t"
	"hlt\n"
	".size _start, . - _start\n");

static const Elf64_auxv_t *auxiliary;

unsigned long getauxval(unsigned long type)
{
	for (const Elf64_auxv_t *at = auxiliary; at && at->a_type != AT_NULL; at++)
		if (at->a_type == type)
			return at->a_un.a_val;
	return 0;
}

__attribute__((noreturn)) static void end(int status)
{
	for (;;)
		raw_call(SYS_exit_group, status, 0, 0, 0, 0, 0);
}

/* Addresses that the linker has packed: one, or a bit for each word behind the last. */
static void relocate_packed(char *base, const Elf64_Xword *at, size_t size)
{
	enum { BITS = 63 };
	uint64_t *where = NULL;

	for (const Elf64_Xword *stop = at + size / sizeof *at; at && at < stop; at++) {
		if (!(*at & 1)) {
			where = (uint64_t *)(void *)(base + *at);
			*where++ += (uintptr_t)base;
			continue;
		}
		if (!where)
			end(127);
		for (int i = 0; i < BITS; i++)
			if (*at >> (i + 1) & 1)
				where[i] += (uintptr_t)base;
		where += BITS;
	}
}

/* Adds BASE to all addresses in the data. There are no others: nothing is looked up. */
static void relocate(char *base, const Elf64_Dyn *dynamic)
{
	const Elf64_Rela *at = NULL, *stop;
	const Elf64_Xword *packed = NULL;
	size_t size = 0, packed_size = 0;

	for (; dynamic->d_tag != DT_NULL; dynamic++) {
		char *to = base + dynamic->d_un.d_ptr;

		switch (dynamic->d_tag) {
		case DT_RELA: at = (const Elf64_Rela *)(void *)to; break;
		case DT_RELASZ: size = dynamic->d_un.d_val; break;
		case 36: packed = (const Elf64_Xword *)(void *)to; break; /* DT_RELR */
		case 35: packed_size = dynamic->d_un.d_val; break;	  /* DT_RELRSZ */
		default: break;
		}
	}
	for (stop = at + size / sizeof *at; at && at < stop; at++) {
		if (ELF64_R_TYPE(at->r_info) != R_X86_64_RELATIVE)
			end(127);
		*(uint64_t *)(void *)(base + at->r_offset) =
			(uintptr_t)base + (uint64_t)at->r_addend;
	}
	relocate_packed(base, packed, packed_size);
}

/* What has been relocated is not written to again. */
static void protect(char *base)
{
	enum { PAGE = 4096 };
	const Elf64_Ehdr *head = (const Elf64_Ehdr *)(void *)base;
	const Elf64_Phdr *at = (const Elf64_Phdr *)(void *)(base + head->e_phoff);

	for (const Elf64_Phdr *stop = at + head->e_phnum; at < stop; at++) {
		const uint64_t from = at->p_vaddr & ~(uint64_t)(PAGE - 1);
		const uint64_t to = (at->p_vaddr + at->p_memsz) & ~(uint64_t)(PAGE - 1);

		if (at->p_type == PT_GNU_RELRO && to > from)
			raw_call(SYS_mprotect, (long)(base + from), (long)(to - from),
				 PROT_READ, 0, 0, 0);
	}
}

void small_start(const unsigned long *stack, const Elf64_Dyn *dynamic, char *base)
{
	const unsigned long *at = stack + 1 + stack[0] + 1;

	relocate(base, dynamic);
	protect(base);
	__environ = (char **)(uintptr_t)at;
#ifdef __GLIBC__
	__libc_stack_end = stack;
#endif
	while (*at++)
		; /* the environment */
	auxiliary = (const Elf64_auxv_t *)(const void *)at;
	end(main((int)stack[0], (char **)(uintptr_t)(stack + 1)));
}
