# SPDX-License-Identifier: GPL-3.0-or-later
# Reads a results file with ncdf4 and draws the fan of reserve months.
#
#   Rscript docs/examples/fan.R results/zhejiang.h5 unified_2029 employee 330800 fan.png
#   Rscript docs/examples/fan.R results/zhejiang.h5 unified_2029 employee 330800 -       prints the numbers that it draws
#
# Debian: r-cran-ncdf4. R counts axes from the other end: (year, region, quantile).
library(ncdf4)

args <- commandArgs(trailingOnly = TRUE)
if (length(args) != 5) stop("usage: fan.R FILE POLICY SCHEME REGION OUTPUT")
file <- nc_open(args[1])
group <- paste("policy", args[2], args[3], sep = "/")
read <- function(name) ncvar_get(file, paste(group, name, sep = "/"))

year <- as.vector(read("year"))
quantile <- as.vector(read("quantile"))
regions <- as.vector(ncvar_get(file, "areas/region"))
names_en <- as.vector(ncvar_get(file, "areas/name_en"))
statistic <- as.vector(read("statistic"))
r <- match(args[4], regions)
if (is.na(r)) stop(paste("region", args[4], "is unknown; known:", paste(regions, collapse = ", ")))
months <- read("reserve_months_quantile")[, r, ]
central <- read("reserve_months")[, r, match("central", statistic)]
at <- function(q) months[, which.min(abs(quantile - q))]

if (args[5] == "-") {
    table <- data.frame(year, at(0.05), at(0.25), at(0.5), at(0.75), at(0.95), central)
    names(table) <- c("year", "q0.05", "q0.25", "q0.5", "q0.75", "q0.95", "central")
    write.csv(format(table, digits = 9, trim = TRUE), quote = FALSE, row.names = FALSE)
    quit(status = 0)
}

png(args[5], width = 1200, height = 750, res = 150)
plot(range(year), range(months, 0), type = "n", xlab = "", ylab = "months of reserve",
     main = paste0(names_en[r], ", ", args[3], ", policy ", args[2]))
if (max(year) > 2040) {
    rect(2040.5, par("usr")[3], par("usr")[2], par("usr")[4], col = "grey94", border = NA)
    mtext("shaded: present rules unchanged, not a forecast", side = 1, line = 2.2, cex = 0.8)
}
band <- function(low, high, opacity) {
    polygon(c(year, rev(year)), c(at(low), rev(at(high))), col = adjustcolor("#0072B2", opacity), border = NA)
}
band(0.05, 0.95, 0.22)
band(0.25, 0.75, 0.40)
lines(year, at(0.5), col = "#0072B2", lwd = 2)
lines(year, central, lty = 2)
abline(h = 0)
legend("bottomleft", bty = "n", legend = c("median", "25 to 75 %", "5 to 95 %", "central path"),
       col = c("#0072B2", adjustcolor("#0072B2", 0.6), adjustcolor("#0072B2", 0.25), "black"), lwd = c(2, 8, 8, 1),
       lty = c(1, 1, 1, 2))
invisible(dev.off())
nc_close(file)
