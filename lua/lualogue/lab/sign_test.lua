--- Whether one is better than the other, by how many rows were lost and won.
---
--- The exact sign test, two-sided: if neither is better, each of the n rows that turned is lost or
--- won with the probability 1/2, so that as few as k of one kind come with
--- p = min(1, 2 * (C(n,0) + ... + C(n,k)) / 2^n). W. J. Dixon and A. M. Mood, "The statistical sign
--- test", Journal of the American Statistical Association 41 (1946), pages 557 to 566.

--- The probability that chance alone makes it as uneven as this.
---@param lost integer rows
---@param won integer rows
---@return number p
return function(lost, won)
  local n, k = lost + won, math.min(lost, won)
  local term = -n * math.log(2) -- the logarithm of C(n,i) / 2^n
  local sum = math.exp(term)
  for i = 1, k do
    term = term + math.log((n - i + 1) / i)
    sum = sum + math.exp(term)
  end
  return math.min(1, 2 * sum)
end
